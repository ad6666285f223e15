// SPDX-License-Identifier: GPL-3.0-or-later
// gl.ts -- small helpers around WebGL2: programs with their uniforms, and textures of a row of colours.

export interface Program {
  id: WebGLProgram;
  at: (name: string) => WebGLUniformLocation | null;
}

function shader(gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader {
  const made = gl.createShader(kind)!;
  gl.shaderSource(made, source);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS) && !gl.isContextLost())
    throw new Error('shader: ' + gl.getShaderInfoLog(made));
  return made;
}

export function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const id = gl.createProgram()!;
  gl.attachShader(id, shader(gl, gl.VERTEX_SHADER, vertex));
  gl.attachShader(id, shader(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(id);
  if (!gl.getProgramParameter(id, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error('program: ' + gl.getProgramInfoLog(id));
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    id,
    at: (name) => {
      if (!known.has(name)) known.set(name, gl.getUniformLocation(id, name));
      return known.get(name)!;
    },
  };
}

export function texture(gl: WebGL2RenderingContext, smooth: boolean): WebGLTexture {
  const made = gl.createTexture()!;
  gl.bindTexture(gl.TEXTURE_2D, made);
  const how = smooth ? gl.LINEAR : gl.NEAREST;
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, how);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  return made;
}

/** 256 colours in a row. */
export function fillRow(gl: WebGL2RenderingContext, into: WebGLTexture, colours: Uint8Array): void {
  gl.bindTexture(gl.TEXTURE_2D, into);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
}
