// SPDX-License-Identifier: GPL-3.0-or-later
// build.mjs [OUT] -- bundles src/ into one page: OUT/index.html, OUT/index.html.gz and OUT/studio_csp.h with the hashes of
// what is inlined, for the Content-Security-Policy of the server. Nothing in the page comes from another host.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'dist');
const LIMIT = 150_000; // bytes of index.html.gz

const bundle = await build({
  entryPoints: { main: join(here, 'src/main.tsx') },
  bundle: true,
  minify: true,
  write: false,
  outdir: out,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  nodePaths: process.env.NODE_PATH ? [process.env.NODE_PATH] : [],
});
const file = (suffix) => bundle.outputFiles.find((f) => f.path.endsWith(suffix))?.text ?? '';
// The end tag of a script inside a string would end the script.
const script = file('.js').replaceAll('</script', '<\\/script').trim();
const style = file('.css').trim();
const hash = (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const html = readFileSync(join(here, 'src/index.html'), 'utf8')
  .replace('/*STYLE*/', () => style)
  .replace('/*SCRIPT*/', () => script);
const gz = gzipSync(Buffer.from(html, 'utf8'), { level: 9 });
if (gz.length > LIMIT) {
  console.error(`index.html.gz is ${gz.length} bytes; the limit is ${LIMIT}`);
  process.exit(1);
}
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'index.html'), html);
writeFileSync(join(out, 'index.html.gz'), gz);
writeFileSync(
  join(out, 'studio_csp.h'),
  `/* SPDX-License-Identifier: GPL-3.0-or-later */
/* studio_csp.h -- written by studio/build.mjs: hashes of the script and the style that the page holds */
#ifndef COLEY_STUDIO_CSP_H
#define COLEY_STUDIO_CSP_H
#define COLEY_STUDIO_SCRIPT_HASH "${hash(script)}"
#define COLEY_STUDIO_STYLE_HASH "${hash(style)}"
#endif
`,
);
console.log(`index.html ${html.length} bytes, gzipped ${gz.length}`);
