// SPDX-License-Identifier: GPL-3.0-or-later
// glsl.ts -- the three programs of the tissue picture: cells, textures (a field or a picture), and lines.

/**
 * A cell is a square that faces the eye; what lies outside its circle is not drawn. Eight bytes a cell say all but its size.
 * The square is a point where the card has points that are large enough (u_points), else two triangles.
 */
export const CELL_VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in uvec4 a_cell;
layout(location = 1) in float a_value;
layout(location = 2) in float a_radius;
uniform mat4 u_view;
uniform vec3 u_low, u_size, u_right, u_up;
uniform vec4 u_clip;
uniform vec2 u_range;
uniform float u_um_per_px;
uniform int u_selected, u_by_value, u_pick, u_points;
uniform sampler2D u_palette, u_map;
out vec2 v_at;
flat out vec3 v_colour;
flat out float v_px, v_grow;
flat out int v_state, v_id, v_selected;
void main() {
  int type = int(a_cell.w & 255u);
  vec4 own = texelFetch(u_palette, ivec2(type, 0), 0);
  vec3 place = u_low + u_size * vec3(a_cell.xyz) / 65535.0;
  v_state = int(a_cell.w >> 8);
  v_id = u_points == 1 ? gl_VertexID : gl_InstanceID;
  v_selected = v_id == u_selected && u_pick == 0 ? 1 : 0;
  v_colour = own.rgb;
  if (u_by_value == 1) {
    float t = clamp((a_value - u_range.x) / max(1e-12, u_range.y - u_range.x), 0.0, 1.0);
    v_colour = texelFetch(u_map, ivec2(int(t * 255.0 + 0.5), 0), 0).rgb;
  }
  float radius = max(a_radius, 0.75 * u_um_per_px);
  v_px = radius / u_um_per_px;
  float grow = v_selected == 1 ? 1.0 + max(0.5, 4.0 / v_px) : 1.0 + 0.75 / v_px;
  v_grow = grow;
  vec2 corner = u_points == 1 ? vec2(0.0) : vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  v_at = corner * grow;
  bool hidden = own.a < 0.5 || dot(vec4(place, 1.0), u_clip) < 0.0;
  vec3 at = place + (u_right * corner.x + u_up * corner.y) * radius * grow;
  gl_PointSize = 2.0 * v_px * grow;
  gl_Position = hidden ? vec4(2.0, 2.0, 2.0, 1.0) : u_view * vec4(at, 1.0);
}`;

export const CELL_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform vec3 u_paper, u_ink;
uniform int u_pick, u_three, u_points;
in vec2 v_at;
flat in vec3 v_colour;
flat in float v_px, v_grow;
flat in int v_state, v_id, v_selected;
out vec4 o_colour;

float disc(vec2 p, float r) { return 1.0 - smoothstep(r - 0.9 / v_px, r + 0.3 / v_px, length(p)); }

vec3 flat_cell(vec3 c, vec2 at, float d) {
  if (v_px < 3.5) return v_state == 0 ? c : mix(c, u_paper, smoothstep(0.75, 0.45, d));
  vec3 body = v_state == 0 ? mix(c, u_paper, 0.12 + 0.10 * at.y) : mix(c, u_paper, 0.62);
  if (v_state == 2) body = mix(vec3(0.6), u_paper, 0.35);
  vec3 dark = v_state == 2 ? vec3(0.42) : c * 0.62;
  float pieces = 0.0;
  if (v_state == 0) pieces = disc(at - vec2(0.06, -0.05), 0.42);
  else if (v_state == 1)
    pieces = max(max(disc(at - vec2(-0.36, 0.3), 0.2), disc(at - vec2(0.42, -0.02), 0.12)),
      max(disc(at - vec2(-0.16, -0.42), 0.15), disc(at - vec2(0.16, 0.5), 0.1)));
  else {
    float w = max(0.07, 0.7 / v_px);
    pieces = 1.0 - smoothstep(w * 0.6, w * 1.4, min(abs(at.x - at.y), abs(at.x + at.y)) * 0.7071);
  }
  body = mix(body, dark, pieces * (v_state == 0 ? 0.8 : 1.0));
  return mix(body, dark, smoothstep(1.0 - 2.2 / v_px, 1.0 - 0.9 / v_px, d));
}

vec3 ball(vec3 c, vec2 at, float d) {
  vec3 n = vec3(at, sqrt(max(0.0, 1.0 - d * d)));
  if (v_state == 1) c = mix(c, u_paper, 0.5);
  if (v_state == 2) c = mix(vec3(0.55), c, 0.12);
  float light = 0.5 + 0.5 * max(0.0, dot(n, normalize(vec3(-0.45, 0.6, 0.66))));
  return c * light * mix(0.62, 1.0, smoothstep(0.0, 0.5, n.z)) + vec3(0.10) * pow(max(0.0, n.z), 24.0);
}

void main() {
  vec2 at = u_points == 1 ? (gl_PointCoord * 2.0 - 1.0) * vec2(v_grow, -v_grow) : v_at;
  float d = length(at);
  if (u_pick == 1) {
    if (d > 1.0) discard;
    int id = v_id + 1;
    o_colour = vec4(float(id & 255), float((id >> 8) & 255), float((id >> 16) & 255), 255.0) / 255.0;
    return;
  }
  float cover = u_three == 1 ? step(d, 1.0) : 1.0 - smoothstep(1.0 - 0.75 / v_px, 1.0 + 0.75 / v_px, d);
  vec4 c = vec4(u_three == 1 ? ball(v_colour, at, d) : flat_cell(v_colour, at, d), 1.0) * cover;
  if (v_selected == 1) {
    float outer = 1.0 + max(0.5, 4.0 / v_px), line = 2.4 / v_px;
    float ring = smoothstep(outer - line - 1.0 / v_px, outer - line, d) * (1.0 - smoothstep(outer - 1.0 / v_px, outer, d));
    c = mix(c, vec4(u_ink, 1.0), ring);
  }
  if (c.a < 0.01) discard;
  o_colour = c;
}`;

/** A textured rectangle: a field in its colours with lines of equal value, or a ready picture (u_kind 1). */
export const TEXTURE_VERTEX = `#version 300 es
precision highp float;
precision highp int;
uniform mat4 u_view;
uniform vec3 u_origin, u_across, u_along;
out vec2 v_at;
void main() {
  v_at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = u_view * vec4(u_origin + u_across * v_at.x + u_along * v_at.y, 1.0);
}`;

export const TEXTURE_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform sampler2D u_texture, u_map;
uniform vec2 u_range;
uniform vec3 u_ink;
uniform float u_iso, u_cover;
uniform int u_kind;
in vec2 v_at;
out vec4 o_colour;
float value(ivec2 at, ivec2 size) { return texelFetch(u_texture, clamp(at, ivec2(0), size - 1), 0).r; }
void main() {
  if (u_kind == 1) {
    o_colour = texture(u_texture, vec2(v_at.x, 1.0 - v_at.y));
    return;
  }
  ivec2 size = textureSize(u_texture, 0);
  vec2 p = v_at * vec2(size) - 0.5;
  ivec2 i = ivec2(floor(p));
  vec2 f = p - vec2(i);
  float v = mix(mix(value(i, size), value(i + ivec2(1, 0), size), f.x),
    mix(value(i + ivec2(0, 1), size), value(i + ivec2(1, 1), size), f.x), f.y);
  float t = clamp((v - u_range.x) / max(1e-30, u_range.y - u_range.x), 0.0, 1.0);
  vec3 c = texelFetch(u_map, ivec2(int(t * 255.0 + 0.5), 0), 0).rgb;
  if (u_iso > 0.0) {
    float level = v / u_iso;
    float away = abs(fract(level - 0.5) - 0.5) / max(1e-6, fwidth(level));
    c = mix(c, u_ink, 0.5 * (1.0 - smoothstep(0.4, 1.2, away)) * step(0.5, level));
  }
  o_colour = vec4(c, 1.0) * u_cover;
}`;

export const LINE_VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec3 a_place;
uniform mat4 u_view;
void main() { gl_Position = u_view * vec4(a_place, 1.0); }`;

export const LINE_FRAGMENT = `#version 300 es
precision mediump float;
uniform vec4 u_colour;
out vec4 o_colour;
void main() { o_colour = u_colour; }`;
