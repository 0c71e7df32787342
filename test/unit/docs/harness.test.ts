import { describe, expect, it } from 'vitest';
import { type Block, blocksOf } from '../../docs/blocks.ts';
import { commandsOf } from '../../docs/shell-blocks.ts';
import { isAsShown } from '../../docs/shown-output.ts';

/** What holds the pages to the program must itself see what is wrong. */

describe('isAsShown', () => {
  it.each([
    ['the same', 'a\nb', 'a\nb\n'],
    [
      'other durations, fractions, shares, dates and ports',
      'p50 2.95ms 12.5% 1.5 2026-01-02T03:04:05Z 127.0.0.1:1883',
      'p50  3ms  7% 2.25  2027-11-12T13:14:15Z 127.0.0.1:40001',
    ],
    ['any lines in the middle', 'a\n...\nd', 'a\nb\nc\nd'],
    ['any lines at both ends', '...\nb\n...', 'a\nb\nc'],
    ['no lines where any may be', 'a\n...\nb', 'a\nb'],
  ])('takes %s', (_what, shown, printed) => {
    expect(isAsShown(shown, printed)).toBe(true);
  });

  it.each([
    ['another count', 'accepted 1,000', 'accepted 999'],
    ['another verdict', 'Verdict valid', 'Verdict degraded'],
    ['not everybody', '100%', '99.9%'],
    ['a line more', 'a', 'a\nb'],
    ['a line less', 'a\nb', 'a'],
    ['another order', '...\nb\n...\na\n...', 'a\nb'],
    ['a last line that is not last', '...\na', 'a\nb'],
  ])('sees %s', (_what, shown, printed) => {
    expect(isAsShown(shown, printed)).toBe(false);
  });
});

describe('blocksOf', () => {
  it('reads language, place and what a comment says of it', () => {
    const text =
      'Text.\n\n<!-- run: --set a=b -->\n<!-- exit: 99 -->\n```sh\nnpx fleetstorm run x.yaml\n```\n\n```yaml\na: 1\n```\n';
    expect(blocksOf({ path: 'x.md', text })).toEqual([
      {
        page: 'x.md',
        line: 5,
        language: 'sh',
        text: 'npx fleetstorm run x.yaml\n',
        markers: { run: '--set a=b', exit: '99' },
      },
      { page: 'x.md', line: 9, language: 'yaml', text: 'a: 1\n', markers: {} },
    ]);
  });

  it.each([['```\nx\n```\n'], ['```sh\nx\n']])('refuses %j', (text) => {
    expect(() => blocksOf({ path: 'x.md', text })).toThrow('x.md:1: a block');
  });
});

describe('commandsOf', () => {
  const block = { page: 'x.md', line: 1, markers: {} };

  it('joins lines, leaves comments out and makes runs small', () => {
    const text = '# first\nnpx fleetstorm run a.yaml \\\n  --set x=1\nnpx fleetstorm report a\n';
    const small: Block = { ...block, language: 'sh', text, markers: { run: '--set d=2s' } };
    expect(commandsOf(small)).toEqual([
      { command: 'npx fleetstorm run a.yaml --set x=1 --set d=2s --accept-limited --quiet', shown: undefined },
      { command: 'npx fleetstorm report a', shown: undefined },
    ]);
  });

  it('tells commands from what they print', () => {
    expect(commandsOf({ ...block, language: 'console', text: '$ one\na\nb\n$ two\n' })).toEqual([
      { command: 'one', shown: 'a\nb' },
      { command: 'two', shown: '' },
    ]);
  });
});
