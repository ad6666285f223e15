// SPDX-License-Identifier: GPL-3.0-or-later
// scene.ts -- draws one moment of a tissue. It keeps what is on the graphics card; the page tells it what to show.
// A cell takes eight bytes; colours come from a row of 256 by its type, so that hiding a type changes four bytes.
import { type Box, type Camera, size, view, type Vec, type View } from './camera';
import { CELL_FRAGMENT, CELL_VERTEX, LINE_FRAGMENT, LINE_VERTEX, TEXTURE_FRAGMENT, TEXTURE_VERTEX } from './glsl';
import { fillRow, program, type Program, texture } from './gl';
import { onPaper, rampRow, rgb } from './ramps';

export interface Clip {
  axis: 0 | 1 | 2;
  at: number;
  /** Keeps what lies below (-1) or above (1). */
  keep: -1 | 1;
}
export interface Field {
  data: Float32Array;
  n: [number, number, number];
  range: [number, number];
  iso: number;
}
export interface Look {
  three: boolean;
  dark: boolean;
  paper: string;
  ink: string;
  clip: Clip | null;
  selected: number;
  values: [number, number] | null;
  strip: HTMLCanvasElement | null;
  /** Pixels of the device for one of the page. */
  scale: number;
}

export class Scene {
  private gl: WebGL2RenderingContext;
  private cell: Program;
  private picture: Program;
  private line: Program;
  private buffers: Record<'cells' | 'values' | 'radii' | 'lines', WebGLBuffer>;
  private cells: WebGLVertexArrayObject;
  private points: WebGLVertexArrayObject;
  private widest: number;
  private radius = 0;
  private lines: WebGLVertexArrayObject;
  private nothing: WebGLVertexArrayObject;
  private textures: Record<'palette' | 'values' | 'map' | 'field' | 'strip', WebGLTexture>;
  private target: { frame: WebGLFramebuffer; colour: WebGLTexture; depth: WebGLRenderbuffer; w: number; h: number };
  private count = 0;
  private fieldNow: Field | null = null;
  private slice: { field: Field; key: string } | null = null;
  private track: Float32Array = new Float32Array(0);
  private stripDrawn = '';
  private mapDark: boolean | null = null;
  box: Box = { low: [0, 0, 0], high: [1, 1, 1] };
  /** What was handed to the card so far, for tests. */
  uploaded = 0;
  drawn = 0;

  constructor(readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: true });
    if (!gl) throw new Error('This browser has no WebGL2.');
    this.gl = gl;
    this.cell = program(gl, CELL_VERTEX, CELL_FRAGMENT);
    this.picture = program(gl, TEXTURE_VERTEX, TEXTURE_FRAGMENT);
    this.line = program(gl, LINE_VERTEX, LINE_FRAGMENT);
    const buffer = () => gl.createBuffer()!;
    this.buffers = { cells: buffer(), values: buffer(), radii: buffer(), lines: buffer() };
    this.cells = gl.createVertexArray()!;
    this.points = gl.createVertexArray()!;
    this.widest = (gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array)[1]!;
    this.lines = gl.createVertexArray()!;
    this.nothing = gl.createVertexArray()!;
    this.textures = {
      palette: texture(gl, false), values: texture(gl, false), map: texture(gl, false), field: texture(gl, false),
      strip: texture(gl, true),
    };
    this.target = {
      frame: gl.createFramebuffer()!, colour: texture(gl, false), depth: gl.createRenderbuffer()!, w: 0, h: 0,
    };
    for (const [array, divisor] of [[this.cells, 1], [this.points, 0]] as const) {
      gl.bindVertexArray(array);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.cells);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribIPointer(0, 4, gl.UNSIGNED_SHORT, 8, 0);
      gl.vertexAttribDivisor(0, divisor);
      this.floats(1, this.buffers.values, divisor);
      this.floats(2, this.buffers.radii, divisor);
    }
    gl.bindVertexArray(this.lines);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.lines);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 12, 0);
    gl.bindVertexArray(null);
  }

  private floats(at: number, buffer: WebGLBuffer, divisor: number): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.vertexAttribPointer(at, 1, gl.FLOAT, false, 4, 0);
    gl.vertexAttribDivisor(at, divisor);
  }

  setTypes(colours: string[], hidden: Set<number>, dark: boolean): void {
    const row = new Uint8Array(1024);
    colours.forEach((colour, i) => row.set([...onPaper(colour, dark).map(Math.round), hidden.has(i) ? 0 : 255], i * 4));
    fillRow(this.gl, this.textures.palette, row);
  }

  setCells(bytes: ArrayBuffer): void {
    const { gl } = this;
    this.count = bytes.byteLength >> 3;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.cells);
    gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
    this.uploaded += bytes.byteLength;
  }

  /** One number a cell: what colours them (1), or their radius (2). Without it all have the same. */
  setFloats(at: 1 | 2, data: Float32Array | null, same: number): void {
    const { gl } = this;
    const has = data !== null && data.length >= this.count;
    if (at === 2) this.radius = has ? data.reduce((most, r) => Math.max(most, r), 0) : same;
    if (has) {
      gl.bindBuffer(gl.ARRAY_BUFFER, at === 1 ? this.buffers.values : this.buffers.radii);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
      this.uploaded += data.byteLength;
    }
    for (const array of [this.cells, this.points]) {
      gl.bindVertexArray(array);
      if (has) gl.enableVertexAttribArray(at);
      else gl.disableVertexAttribArray(at);
    }
    gl.bindVertexArray(null);
    if (!has) gl.vertexAttrib1f(at, same);
  }

  setField(field: Field | null): void {
    this.fieldNow = field;
  }

  /** Where the chosen cell has been, x, y, z after one another. */
  setTrack(places: Float32Array): void {
    this.track = places;
  }

  resize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
  }

  draw(camera: Camera, look: Look): void {
    const { gl } = this;
    const seen = this.seen(camera, look);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    const paper = rgb(look.paper);
    gl.clearColor(paper[0] / 255, paper[1] / 255, paper[2] / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (look.three) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    if (this.mapDark !== look.dark) {
      fillRow(gl, this.textures.map, rampRow('field', look.dark));
      fillRow(gl, this.textures.values, rampRow('value', look.dark));
    }
    this.mapDark = look.dark;
    if (this.fieldNow && !look.three) this.drawField(seen, look, this.fieldNow);
    this.drawBox(seen, look);
    this.drawCells(seen, camera, look, false);
    if (this.fieldNow && look.three) this.drawField(seen, look, this.fieldNow);
    gl.disable(gl.DEPTH_TEST);
    if (this.track.length > 3) this.drawLines(seen, this.track, gl.LINE_STRIP, [...rgb(look.ink).map((v) => v / 255), 1]);
    if (look.strip) this.drawStrip(look.strip);
    this.drawn++;
  }

  private seen(camera: Camera, look: Look): View {
    const { width, height } = this.canvas;
    const near = { ...camera, um_per_px: camera.um_per_px / look.scale };
    return view(near, width, height, this.box, look.strip?.height ?? 0);
  }

  private drawCells(seen: View, camera: Camera, look: Look, pick: boolean): void {
    const { gl, cell } = this;
    gl.useProgram(cell.id);
    gl.uniformMatrix4fv(cell.at('u_view'), false, seen.matrix);
    gl.uniform3fv(cell.at('u_low'), this.box.low);
    gl.uniform3fv(cell.at('u_size'), size(this.box));
    gl.uniform3fv(cell.at('u_right'), seen.right);
    gl.uniform3fv(cell.at('u_up'), seen.up);
    const plane = [0, 0, 0, 0];
    if (look.clip) {
      plane[look.clip.axis] = look.clip.keep;
      plane[3] = -look.clip.keep * look.clip.at;
    }
    gl.uniform4fv(cell.at('u_clip'), plane);
    gl.uniform1f(cell.at('u_um_per_px'), camera.um_per_px / look.scale);
    gl.uniform1i(cell.at('u_selected'), look.selected);
    gl.uniform1i(cell.at('u_by_value'), look.values ? 1 : 0);
    gl.uniform2fv(cell.at('u_range'), look.values ?? [0, 1]);
    gl.uniform1i(cell.at('u_pick'), pick ? 1 : 0);
    gl.uniform1i(cell.at('u_three'), look.three ? 1 : 0);
    gl.uniform3fv(cell.at('u_paper'), rgb(look.paper).map((v) => v / 255));
    gl.uniform3fv(cell.at('u_ink'), rgb(look.ink).map((v) => v / 255));
    gl.uniform1i(cell.at('u_palette'), 0);
    gl.uniform1i(cell.at('u_map'), 1);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.values);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.palette);
    // A point that reaches over the edge may be left out as a whole, so large cells are drawn as triangles.
    const px = (2 * this.radius * look.scale) / camera.um_per_px;
    const points = px * 2 < this.widest && px < 48;
    gl.uniform1i(cell.at('u_points'), points ? 1 : 0);
    gl.bindVertexArray(points ? this.points : this.cells);
    if (points) gl.drawArrays(gl.POINTS, 0, this.count);
    else gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count);
    gl.bindVertexArray(null);
  }

  /** The plane of the field: the cut, or the middle. */
  private fieldPlane(look: Look, field: Field): { axis: number; index: number; at: number } {
    const axis = look.clip && look.three ? look.clip.axis : 2;
    const s = size(this.box)[axis]!;
    const at = look.clip && look.three ? look.clip.at : (this.box.low[axis]! + this.box.high[axis]!) / 2;
    const index = Math.floor(((at - this.box.low[axis]!) / s) * field.n[axis]!);
    return { axis, index: Math.min(field.n[axis]! - 1, Math.max(0, index)), at };
  }

  private drawField(seen: View, look: Look, field: Field): void {
    const { gl, picture } = this;
    const { axis, index, at } = this.fieldPlane(look, field);
    const [u, v] = [0, 1, 2].filter((k) => k !== axis) as [number, number];
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.field);
    const key = `${axis}:${index}`;
    if (this.slice?.field !== field || this.slice.key !== key) {
      const data = slice(field, axis, index);
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, field.n[u]!, field.n[v]!, 0, gl.RED, gl.FLOAT, data);
      this.slice = { field, key };
      this.uploaded += data.byteLength;
    }
    const s = size(this.box);
    const origin = [...this.box.low] as Vec;
    origin[axis] = at;
    const across: Vec = [0, 0, 0], along: Vec = [0, 0, 0];
    across[u] = s[u]!;
    along[v] = s[v]!;
    gl.useProgram(picture.id);
    gl.uniformMatrix4fv(picture.at('u_view'), false, seen.matrix);
    gl.uniform3fv(picture.at('u_origin'), origin);
    gl.uniform3fv(picture.at('u_across'), across);
    gl.uniform3fv(picture.at('u_along'), along);
    gl.uniform2fv(picture.at('u_range'), field.range);
    gl.uniform1f(picture.at('u_iso'), field.iso);
    gl.uniform1f(picture.at('u_cover'), look.three ? 0.55 : 1);
    gl.uniform3fv(picture.at('u_ink'), rgb(look.ink).map((c) => c / 255));
    gl.uniform1i(picture.at('u_kind'), 0);
    gl.uniform1i(picture.at('u_texture'), 0);
    gl.uniform1i(picture.at('u_map'), 1);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.map);
    gl.bindVertexArray(this.nothing);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private drawStrip(strip: HTMLCanvasElement): void {
    const { gl, picture } = this;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.strip);
    const words = strip.dataset.words ?? '';
    if (words !== this.stripDrawn) {
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, strip);
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
      this.stripDrawn = words;
      this.uploaded += strip.width * strip.height * 4;
    }
    const unit = new Float32Array(16);
    unit[0] = unit[5] = unit[10] = unit[15] = 1;
    gl.useProgram(picture.id);
    gl.uniformMatrix4fv(picture.at('u_view'), false, unit);
    gl.uniform3fv(picture.at('u_origin'), [-1, -1, 0]);
    gl.uniform3fv(picture.at('u_across'), [2, 0, 0]);
    gl.uniform3fv(picture.at('u_along'), [0, (2 * strip.height) / this.canvas.height, 0]);
    gl.uniform1i(picture.at('u_kind'), 1);
    gl.uniform1i(picture.at('u_texture'), 0);
    gl.uniform1i(picture.at('u_map'), 1);
    gl.bindVertexArray(this.nothing);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private drawBox(seen: View, look: Look): void {
    const { low, high } = this.box;
    const z = look.three ? [low[2], high[2]] : [low[2]];
    const ends: number[] = [];
    const corner = (i: number, j: number, k: number) => [i ? high[0] : low[0], j ? high[1] : low[1], z[k]!];
    for (let k = 0; k < z.length; k++)
      for (const [a, b] of [[[0, 0], [1, 0]], [[1, 0], [1, 1]], [[1, 1], [0, 1]], [[0, 1], [0, 0]]] as const)
        ends.push(...corner(a[0], a[1], k), ...corner(b[0], b[1], k));
    if (look.three)
      for (const [i, j] of [[0, 0], [1, 0], [1, 1], [0, 1]] as const) ends.push(...corner(i, j, 0), ...corner(i, j, 1));
    const grey = look.dark ? 0.36 : 0.72;
    this.drawLines(seen, new Float32Array(ends), this.gl.LINES, [grey, grey, grey, 1]);
  }

  private drawLines(seen: View, places: Float32Array, how: number, colour: number[]): void {
    const { gl, line } = this;
    gl.useProgram(line.id);
    gl.uniformMatrix4fv(line.at('u_view'), false, seen.matrix);
    gl.uniform4fv(line.at('u_colour'), colour);
    gl.bindVertexArray(this.lines);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.lines);
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STREAM_DRAW);
    gl.drawArrays(how, 0, places.length / 3);
    gl.bindVertexArray(null);
  }

  /** The number of the cell under a pixel of the canvas (from its upper left), or -1. What is hidden can't be picked. */
  pick(camera: Camera, look: Look, x: number, y: number): number {
    const { gl, target } = this;
    const { width, height } = this.canvas;
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    if (target.w !== width || target.h !== height) {
      gl.bindTexture(gl.TEXTURE_2D, target.colour);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.bindRenderbuffer(gl.RENDERBUFFER, target.depth);
      gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT16, width, height);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target.colour, 0);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, target.depth);
      target.w = width;
      target.h = height;
    }
    const at: [number, number] = [Math.floor(x), height - 1 - Math.floor(y)];
    gl.viewport(0, 0, width, height);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(at[0], at[1], 1, 1);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.disable(gl.BLEND);
    if (look.three) gl.enable(gl.DEPTH_TEST);
    else gl.disable(gl.DEPTH_TEST);
    this.drawCells(this.seen(camera, look), camera, look, true);
    const pixel = new Uint8Array(4);
    gl.readPixels(at[0], at[1], 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return pixel[0]! + pixel[1]! * 256 + pixel[2]! * 65536 - 1;
  }

  /** Where a place in micrometres is on the canvas, in its pixels from the upper left. */
  project(camera: Camera, look: Look, place: Vec): [number, number] {
    const m = this.seen(camera, look).matrix;
    const [x, y] = [0, 1].map((r) => m[r]! * place[0] + m[4 + r]! * place[1] + m[8 + r]! * place[2] + m[12 + r]!);
    return [((x! + 1) / 2) * this.canvas.width, ((1 - y!) / 2) * this.canvas.height];
  }

  close(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

function slice(field: Field, axis: number, index: number): Float32Array {
  const [nx, ny, nz] = field.n;
  if (axis === 2) return field.data.subarray(index * nx * ny, (index + 1) * nx * ny);
  const [w, h] = axis === 0 ? [ny, nz] : [nx, nz];
  const out = new Float32Array(w * h);
  for (let k = 0; k < h; k++)
    for (let i = 0; i < w; i++)
      out[k * w + i] = field.data[(k * ny + (axis === 0 ? i : index)) * nx + (axis === 0 ? index : i)]!;
  return out;
}
