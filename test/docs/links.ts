import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { proseLines } from './blocks.ts';
import { type Page, ROOT } from './pages.ts';

/** Links of a page that lead nowhere, each with why. Addresses on the web are not followed. */
export function brokenLinks(page: Page): string[] {
  return linksOf(page).flatMap((link) => {
    const why = whyBroken(page, link);
    return why === undefined ? [] : [`${page.path}: ${link}: ${why}`];
  });
}

function linksOf(page: Page): string[] {
  const text = proseLines(page)
    .join('\n')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

function whyBroken(page: Page, link: string): string | undefined {
  if (/^\w+:/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
  if (path.startsWith('..')) return 'outside of the project';
  if (!existsSync(join(ROOT, path))) return 'no such file';
  if (anchor === undefined) return undefined;
  if (statSync(join(ROOT, path)).isDirectory() || !path.endsWith('.md')) return 'an anchor in what is not a page';
  return anchorsOf(readFileSync(join(ROOT, path), 'utf8'), path).has(anchor) ? undefined : 'no such heading';
}

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(text: string, path: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines({ path, text })) {
    const title = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (title === undefined) continue;
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
    anchors.add(anchors.has(anchor) ? `${anchor}-1` : anchor);
  }
  return anchors;
}
