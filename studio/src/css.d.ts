// SPDX-License-Identifier: GPL-3.0-or-later
// css.d.ts -- esbuild takes style sheets that are imported.
declare module '*.css';
