import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directConnectFields, type SignMethod } from '../../../src/device/auth/signing.ts';
import { AUTH_MESSAGES } from '../../../src/emulator/contract/auth-messages.ts';
import { TUNINGS } from '../../../src/host/machine/tuning.ts';
import { HINTS } from '../../../src/metrics/judge/hints/hint-table.ts';
import { PRESETS } from '../../../src/plan/reconnect-presets.ts';
import { ROOT, readPage } from '../../docs/pages.ts';

/** What pages that people write say of the code, held to the code. */

const PROTOCOL = readPage('docs/protocol.md').text;

/** First cells of the rows of a table that comes after that heading or text, without code marks. */
function firstCells(text: string, after: string): string[] {
  const [, rest = ''] = text.split(after);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(rest) ?? [];
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => (row.split('|')[1] ?? '').trim().replaceAll('`', ''));
}

describe('comments that cite the protocol', () => {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

  it('cite sections that are there', () => {
    const cited = files.flatMap((file) =>
      [...text(file).matchAll(/docs\/protocol\.md sections? (\d+)(?: and (\d+))?/g)].flatMap(([, ...sections]) =>
        sections.filter((section) => section !== undefined).map((section) => ({ file, section })),
      ),
    );
    expect(cited.length).toBeGreaterThan(30);
    expect(cited.filter(({ section }) => !PROTOCOL.includes(`\n## ${section}. `))).toEqual([]);
  });

  it('say where it is', () => {
    const own = join('test', 'unit', 'docs');
    const loose = files.filter((file) => !file.startsWith(own) && /(?<!docs\/)protocol section \d/.test(text(file)));
    expect(loose).toEqual([]);
  });
});

describe('the protocol', () => {
  it('has signatures that the program makes', () => {
    const [, table = ''] = PROTOCOL.split('| method | with timestamp 789 | without timestamp |\n');
    const rows = table
      .split('\n')
      .slice(1, 4)
      .map((row) => [...row.matchAll(/`(\w+)`/g)].map(([, cell = '']) => cell));
    const device = {
      productKey: 'pk',
      deviceName: 'device',
      deviceSecret: 'secret',
      clientId: '12345',
      securemode: 3,
    } as const;
    const signed = (signmethod: SignMethod, timestamp?: string): string =>
      directConnectFields({ ...device, signmethod, timestamp }).password;
    const made = (['hmacmd5', 'hmacsha1', 'hmacsha256'] as const).map((method) => [
      method,
      ...[signed(method, '789'), signed(method)].map((hex) => hex.toLowerCase()),
    ]);
    expect(rows).toEqual(made);
  });

  it('has every preset, in order', () => {
    expect(firstCells(PROTOCOL, '## 5. ')).toEqual(PRESETS.map(({ name }) => name));
  });

  it('has every code of the login service', () => {
    const codes = firstCells(PROTOCOL, 'gets **CONNACK 3**.').map(Number);
    const known = Object.keys(AUTH_MESSAGES).map(Number);
    expect(new Set(codes)).toEqual(new Set(known.filter((code) => code !== 200)));
  });
});

describe('tables', () => {
  it('of accuracy have every switch', () => {
    expect(firstCells(readPage('docs/accuracy.md').text, '`FLEETSTORM_TUNING=off`')).toEqual(
      TUNINGS.map((name) => `no-${name}`),
    );
  });

  it('of dependencies have every package', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const rows = firstCells(readPage('docs/dependencies.md').text, '# Dependencies');
    expect(rows.sort()).toEqual(Object.keys(dependencies).sort());
  });

  it('of results have every hint', () => {
    const rows = firstCells(readPage('docs/results.md').text, 'Two steps are known');
    expect(rows).toEqual(HINTS.map(({ hint }) => hint));
  });

  it('of results have every rule of the verdict, in order', () => {
    const judge = readFileSync(join(ROOT, 'src/metrics/judge/judge.ts'), 'utf8');
    const rules = [...judge.matchAll(/^ {4}name: '([a-z-]+)',\n {4}verdict: /gm)].map(([, rule = '']) => rule);
    expect(firstCells(readPage('docs/results.md').text, '`findings` in `summary.json`')).toEqual(rules);
  });
});

describe('the picture of the house', () => {
  const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(readPage('docs/architecture.md').text) ?? [];
  const arrows = [...picture.matchAll(/^ {2}(\w+)\[.*\] --> (.*)$/gm)].flatMap(([, from = '', to = '']) =>
    to.split(' & ').map((one) => [from, one] as const),
  );

  it('has every room, but the three below all others and the one for the process', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const drawn = [...picture.matchAll(/^ {2}(\w+)\[/gm)].map(([, room = '']) => room);
    expect([...drawn, 'time', 'text', 'files', 'process'].sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it.each(arrows)('%s imports from %s', (from, to) => {
    const files = readdirSync(join(ROOT, 'src', from), { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, 'src', from, name), 'utf8'));
    expect(texts.some((text) => text.includes(`../${to}/`))).toBe(true);
  });
});

describe('paths in prose', () => {
  const named = ['docs/architecture.md', 'CONTRIBUTING.md'].flatMap((page) =>
    [...readPage(page).text.matchAll(/`((?:src|test|docs|results|scenarios)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    ),
  );

  it('are there', () => {
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
