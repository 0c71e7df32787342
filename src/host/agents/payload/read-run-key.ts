import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { platform, userInfo } from 'node:os';
import { causeOf } from '../../../files/system-error.ts';
import { LEAST_KEY_BYTES, RunKey } from './run-key.ts';

/** The environment variable that holds a key itself, not the name of its file. */
export const RUN_KEY_VARIABLE = 'FLEETSTORM_RUN_KEY';

/** A key that cannot be used. The message names where it came from and what to do, and repeats nothing of it. */
export class RunKeyError extends Error {
  override readonly name = 'RunKeyError';
}

/** A key, and what its owner should know about it. */
export interface ReadKey {
  /** Undefined: none is given. */
  readonly key: RunKey | undefined;
  readonly warnings: readonly string[];
}

/** Larger files are something else, however little of them is a key. */
const MOST_KEY_BYTES = 4_096;
const READ_BY_GROUP = 0o040;
const READ_BY_OTHERS = 0o004;
const MAKE_ONE = 'make one: openssl rand -base64 32 > run.key';

/**
 * The key in a file, else the one in the environment: base64 of at least 32 random bytes, as `openssl rand -base64 32` prints it. Throws
 * `RunKeyError`.
 */
export async function readRunKey(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadKey> {
  if (file !== undefined) return await keyInFile(file);
  const text = env[RUN_KEY_VARIABLE];
  return { key: text === undefined ? undefined : keyOf(text, RUN_KEY_VARIABLE), warnings: [] };
}

async function keyInFile(file: string): Promise<ReadKey> {
  const { text, isOpen } = await contentOf(file);
  const key = keyOf(text, file);
  return { key, warnings: isOpen ? [`${file} can be read by other users of this machine: chmod 600 ${file}`] : [] };
}

/** A key is read once, so its file may be a pipe: `--key-file <(pass show fleetstorm)`. */
async function contentOf(file: string): Promise<{ text: string; isOpen: boolean }> {
  try {
    const handle = await open(file);
    try {
      const status = await handle.stat();
      return { text: await shortText(handle, file), isOpen: isOpenFile(status) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof RunKeyError) throw error;
    throw new RunKeyError(`${file}: ${causeOf(error)}; expected a file with a key; ${MAKE_ONE}`, { cause: error });
  }
}

/** Whose group may read a file that is another user's, as secrets that Kubernetes mounts are, needs just that to read it. */
function isOpenFile(status: Stats): boolean {
  if (!status.isFile() || platform() === 'win32') return false;
  const closed = status.uid === userInfo().uid ? READ_BY_GROUP | READ_BY_OTHERS : READ_BY_OTHERS;
  return (status.mode & closed) !== 0;
}

async function shortText(handle: Awaited<ReturnType<typeof open>>, file: string): Promise<string> {
  const bytes = Buffer.alloc(MOST_KEY_BYTES + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length > MOST_KEY_BYTES) throw new RunKeyError(`${file} is too long for a key; ${MAKE_ONE}`);
  return bytes.toString('latin1', 0, length);
}

/** Base64 or its form for addresses, with or without padding and line ends. */
function keyOf(text: string, where: string): RunKey {
  const digits = text.replace(/\s+/g, '');
  if (digits === '') throw new RunKeyError(`${where} is empty; expected a key; ${MAKE_ONE}`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(digits)) {
    throw new RunKeyError(`${where} holds no key: expected base64 of at least ${LEAST_KEY_BYTES} bytes; ${MAKE_ONE}`);
  }
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.length < LEAST_KEY_BYTES) {
    throw new RunKeyError(
      `the key in ${where} is too short: base64 of ${bytes.length} bytes, and at least ${LEAST_KEY_BYTES} are needed; ${MAKE_ONE}`,
    );
  }
  return new RunKey(bytes);
}
