import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { passingCaFile } from '../../../../src/cli/io/passing-ca-file.ts';

function playedExit() {
  const listeners = new Set<() => void>();
  return {
    listeners,
    io: {
      onExit: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

test('the folder holds the certificate alone, and goes when it is removed', () => {
  const { io, listeners } = playedExit();
  const file = passingCaFile(io, 'CA');
  expect(readFileSync(file.path, 'utf8')).toBe('CA');
  expect(readdirSync(dirname(file.path))).toEqual(['ca.pem']);
  file.remove();
  expect([existsSync(dirname(file.path)), listeners.size]).toEqual([false, 0]);
});

test('the folder goes with the process, however that ends', () => {
  const { io, listeners } = playedExit();
  const file = passingCaFile(io, 'CA');
  for (const listener of listeners) listener();
  expect(existsSync(dirname(file.path))).toBe(false);
});
