import { expect, it } from 'vitest';
import { shellQuoted } from '../../../src/text/shell-quoted.ts';

it.each([
  ['storm.yaml', 'storm.yaml'],
  ['fleets.0.devices=5', 'fleets.0.devices=5'],
  ['my storm.yaml', "'my storm.yaml'"],
  ["it's", "'it'\\''s'"],
  ['$HOME', "'$HOME'"],
  ['', "''"],
])('%j becomes %s', (word, quoted) => {
  expect(shellQuoted(word)).toBe(quoted);
});
