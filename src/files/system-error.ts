const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'no such file: a part of its path is not a folder',
  NOT_REGULAR: 'not a regular file, but it is read several times',
};

/** What Node adds to the system's message: the call, and the path, which may be that of a temporary file. */
const CALL = /, [a-z]+(?: '.*')?$/s;

/** Why a file or folder could not be used, in the system's words: `ENOSPC: no space left on device`. */
export function fileCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isFileError(error) ? error.message.replace(CALL, '') : error.message;
}

/** An error of the system about a file, with its code, not one of the program. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** The code of such an error; undefined for any other value. */
export function fileErrorCode(error: unknown): string | undefined {
  return isFileError(error) ? error.code : undefined;
}

/** Why a file could not be read, in words. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  return CAUSES[code] ?? `cannot be read (${code})`;
}
