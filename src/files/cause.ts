/** What Node adds to the system's words: the call, and the path, which may be that of a file aside. */
const CALL = /, [a-z]+(?: '.*')?$/s;

/** Why a file or folder could not be had, in the system's words: `ENOSPC: no space left on device`. */
export function fileCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isFileError(error) ? error.message.replace(CALL, '') : error.message;
}

/** An error of the system about a file, with its code; not one of the program. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** The code of such an error; undefined for any other value. */
export function fileErrorCode(error: unknown): string | undefined {
  return isFileError(error) ? error.code : undefined;
}
