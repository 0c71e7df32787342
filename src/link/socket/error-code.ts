/** The code that Node, OpenSSL or the HTTP client gave an error: an errno such as `ECONNRESET`, or a name; undefined when there is none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
