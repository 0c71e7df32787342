import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What a page includes, so that it needs no network. */
export interface PageAssets {
  /** The chart library and the page's own script. */
  readonly script: string;
  /** Hash of the script, for the Content-Security-Policy. */
  readonly scriptHash: string;
  readonly libraryStyle: string;
}

/** The compiled modules of the page's script; the relative path is the same from `src` and from `dist`. */
const CLIENT = new URL('../../../dist/report/html/client/', import.meta.url);
const IMPORT = /^import (?:[^;]*? from )?'(\.{1,2}\/[\w/-]+\.js)';\n/gm;

/** Reads the page's script and the chart library's files. Rejects if the program is not built. */
export async function loadPageAssets(): Promise<PageAssets> {
  const library = dirname(createRequire(import.meta.url).resolve('uplot'));
  const [plot, libraryStyle, own] = await Promise.all([
    readFile(join(library, 'uPlot.iife.min.js'), 'utf8'),
    readFile(join(library, 'uPlot.min.css'), 'utf8'),
    clientScript(),
  ]);
  // A script element ends at the first `</script`, wherever it stands.
  const script = `${plot}\n${own}`.replaceAll('</script', '<\\/script');
  return { script, scriptHash: createHash('sha256').update(script).digest('base64'), libraryStyle };
}

/**
 * The modules as one script: each before those that import it, in one scope, where imports and exports are not needed. So no two may
 * declare the same name; a test holds them to it.
 */
async function clientScript(): Promise<string> {
  const order = await clientModules();
  const body = [...order.values()]
    .map((source) => source.replace(IMPORT, '').replace(/^export (?:\{\};\n)?/gm, ''))
    .join('\n');
  return `(() => {\n'use strict';\n${body}})();\n`;
}

/** The compiled modules of the page's script by address, each after those that it imports. */
export async function clientModules(): Promise<ReadonlyMap<string, string>> {
  const order = new Map<string, string>();
  await visit(new URL('page-entry.js', CLIENT), order);
  return order;
}

async function visit(module: URL, order: Map<string, string>): Promise<void> {
  const source = await readFile(module, 'utf8');
  for (const [, imported = ''] of source.matchAll(IMPORT)) {
    const found = new URL(imported, module);
    if (!order.has(found.href)) await visit(found, order);
  }
  order.set(module.href, source);
}
