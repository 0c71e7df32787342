import { EXIT_CODES } from '../metrics/exit-code.ts';
import type { Io } from './io.ts';

/** What the system or Node says when this machine lacks something, and what the user can do. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE: 'it may not open more files: raise the limit (`ulimit -n`)',
  ENFILE: 'the system may not open more files: raise fs.file-max',
  ENOMEM: 'it may not take more memory: raise the limit (`ulimit -v`), or run fewer devices',
  EAGAIN: 'it may not start more processes or threads: raise the limit (`ulimit -u`)',
  ERR_WORKER_INIT_FAILED:
    'it may not start more threads, or not take the memory for them: raise `ulimit -u` or `ulimit -v`',
  ERR_WORKER_OUT_OF_MEMORY: 'it may not take more memory: raise the limit (`ulimit -v`), or run fewer devices',
};

/** An error that no command has told, in words. The exit code: 3 for what this machine lacks, 1 for a fault of the program. */
export function lastWords(io: Pick<Io, 'stderr' | 'env'>, error: unknown): number {
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    io.stderr.write('The working folder does not exist any more: change into one that does\n');
    return EXIT_CODES.usage;
  }
  const shortage = SHORTAGES[codeOf(error)];
  if (shortage !== undefined) {
    io.stderr.write(`This machine does not let fleetstorm go on: ${shortage} (${messageOf(error)})\n`);
    return EXIT_CODES.preflightRefused;
  }
  const shown = io.env['FLEETSTORM_DEBUG'] === undefined ? messageOf(error) : stackOf(error);
  io.stderr.write(`fleetstorm: internal error: ${shown}\n`);
  io.stderr.write('This is a fault of the program; set FLEETSTORM_DEBUG=1 to see where it happened.\n');
  return EXIT_CODES.internalError;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
