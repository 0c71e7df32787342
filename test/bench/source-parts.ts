import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the code of a file begins that a bundle took in. */
interface Part {
  readonly line: number;
  readonly file: string;
}

/** The bundler names each file above its code. */
const NAME = /^\/\/ ((?:dist|node_modules)\/\S+)$/;
const partsByUrl = new Map<string, readonly Part[]>();

/** The file that a line (from 0) of a program's file was in before the build put many into one; the address itself for what was not. */
export function sourceOf(url: string, line: number): string {
  if (!/^file:.*\/dist\//.test(url)) return url;
  const parts = partsByUrl.get(url) ?? partsOf(url);
  partsByUrl.set(url, parts);
  return parts.findLast((part) => part.line <= line)?.file ?? url;
}

function partsOf(url: string): Part[] {
  const lines = readFileSync(fileURLToPath(url), 'utf8').split('\n');
  return lines.flatMap((text, line) => {
    const [, file] = NAME.exec(text) ?? [];
    return file === undefined ? [] : [{ line, file: `/${file}` }];
  });
}
