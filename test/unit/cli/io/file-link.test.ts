import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasLinks, printFileLine, shownPath } from '../../../../src/cli/io/file-link.ts';

function printed(path: string, env: Record<string, string>, isTTY = true): string {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  printFileLine({ env, stdout: { write, draw: isTTY ? write : undefined, isTTY, columns: 80 } }, 'Report: ', path);
  return text;
}

describe('the line of a file', () => {
  it('shows the path as one would type it', () => {
    expect(shownPath(join(process.cwd(), 'results', 'a'))).toBe('results/a');
    expect(shownPath('/elsewhere/a')).toBe('/elsewhere/a');
    expect(printed('/elsewhere/a b/it’s', {})).toBe("Report: '/elsewhere/a b/it’s'\n");
    expect(printed("/elsewhere/it's", {})).toBe("Report: '/elsewhere/it'\\''s'\n");
  });

  it('is a link where the terminal is known to have links, and nowhere else', () => {
    const url = pathToFileURL('/elsewhere/a').href;
    const link = `Report: \x1b]8;;${url}\x1b\\/elsewhere/a\x1b]8;;\x1b\\\n`;
    expect(printed('/elsewhere/a', { VTE_VERSION: '7200' })).toBe(link);
    expect(printed('/elsewhere/a', { VTE_VERSION: '7200' }, false)).toBe('Report: /elsewhere/a\n');
    expect(printed('/elsewhere/a', {})).toBe('Report: /elsewhere/a\n');
  });

  it('cannot be broken out of by the name of a file', () => {
    expect(printed('/elsewhere/a\x1b\\b', { FORCE_HYPERLINK: '1' })).not.toContain('a\x1b');
  });

  it.each<[Record<string, string>, boolean]>([
    [{ TERM_PROGRAM: 'iTerm.app' }, true],
    [{ TERM_PROGRAM: 'vscode' }, true],
    [{ TERM_PROGRAM: 'Apple_Terminal' }, false],
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'dumb', VTE_VERSION: '7200' }, false],
    [{ VTE_VERSION: '4600' }, false],
    [{ WT_SESSION: 'x' }, true],
    [{ WT_SESSION: 'x', FORCE_HYPERLINK: '0' }, false],
  ])('knows from %o whether there are links: %s', (env, has) => {
    expect(hasLinks(env)).toBe(has);
  });
});
