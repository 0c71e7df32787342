import type { EXIT_CODES } from '../../results/exit-codes.ts';
import type { Io } from './io.ts';

/** Those of the exit codes that are given here. Not imported: this file must load where nearly nothing does. */
const CODES = { internalError: 1, usage: 2, preflightRefused: 3 } as const satisfies Partial<typeof EXIT_CODES>;

const MORE_MEMORY = 'it may not take more memory: raise the limit (`ulimit -v`), or run fewer devices';

/** What the system or Node says when this machine lacks something, and what the user can do. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE: 'it may not open more files: raise the limit (`ulimit -n`)',
  ENFILE: 'the system may not open more files: raise fs.file-max',
  ENOMEM: MORE_MEMORY,
  EAGAIN: 'it may not start more processes or threads: raise the limit (`ulimit -u`)',
  ERR_WORKER_INIT_FAILED:
    'it may not start more threads, or not take the memory for them: raise `ulimit -u` or `ulimit -v`',
  ERR_WORKER_OUT_OF_MEMORY: MORE_MEMORY,
};

/**
 * An error that no command has told, in words. The exit code: 2 when the working folder is gone, 3 for what this machine lacks, 1 for a
 * fault of the program.
 */
export function lastWords(io: Pick<Io, 'stderr' | 'env'>, error: unknown): number {
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    io.stderr.write('The working folder does not exist any more: change into one that does\n');
    return CODES.usage;
  }
  const shortage = shortageOf(error);
  if (shortage !== undefined) {
    io.stderr.write(`This machine does not let fleetstorm go on: ${shortage} (${String(error)})\n`);
    return CODES.preflightRefused;
  }
  const shown = io.env['FLEETSTORM_DEBUG'] === undefined ? String(error) : stackOf(error);
  io.stderr.write(`fleetstorm: internal error: ${shown}\n`);
  io.stderr.write('This is a fault of the program; set FLEETSTORM_DEBUG=1 to see where it happened.\n');
  return CODES.internalError;
}

function shortageOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // V8's own words have no code.
  if (error instanceof RangeError && /out of memory|allocation failed/i.test(error.message)) return MORE_MEMORY;
  return 'code' in error ? SHORTAGES[String(error.code)] : undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
