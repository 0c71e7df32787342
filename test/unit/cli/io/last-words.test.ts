import { describe, expect, it } from 'vitest';
import { lastWords } from '../../../../src/cli/io/last-words.ts';
import { EXIT_CODES } from '../../../../src/results/exit-codes.ts';
import { FakeIo } from '../emulator-io.ts';

function told(error: unknown, env: Record<string, string> = {}) {
  const io = new FakeIo({ env });
  return { code: lastWords(io, error), err: io.err };
}

function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: some words`), { code, ...more });
}

describe('lastWords', () => {
  it.each([
    ['EMFILE', /may not open more files: raise the limit \(`ulimit -n`\)/],
    ['ENOMEM', /ulimit -v/],
    ['EAGAIN', /ulimit -u/],
    ['ERR_WORKER_INIT_FAILED', /may not start more threads/],
    ['ERR_WORKER_OUT_OF_MEMORY', /may not use more memory/],
  ])('says what %s is for want of, and that it is no fault of the program', (code, words) => {
    const { code: exitCode, err } = told(systemError(code));
    expect([exitCode, err]).toEqual([EXIT_CODES.preflightRefused, expect.stringMatching(words)]);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('knows what V8 says when memory is short', () => {
    expect(told(new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate')).code).toBe(3);
    expect(told(new RangeError('Array buffer allocation failed')).code).toBe(3);
  });

  it('says that the working folder is gone', () => {
    expect(told(systemError('ENOENT', { syscall: 'uv_cwd' }))).toEqual({
      code: EXIT_CODES.usage,
      err: 'The working folder no longer exists: change to one that does\n',
    });
  });

  it('owns up to a fault of the program, with its place for who asks', () => {
    const plain = told(new TypeError('x is not a function'));
    expect(plain.code).toBe(EXIT_CODES.internalError);
    expect(plain.err).toMatch(/^fleetstorm: internal error: TypeError: x is not a function\nThis is a bug/);
    expect(told(new Error('x'), { FLEETSTORM_DEBUG: '1' }).err).toMatch(/\n +at /);
    expect(told('a text').err).toContain('internal error: a text');
  });
});
