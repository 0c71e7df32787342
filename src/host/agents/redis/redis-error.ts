/** Redis cannot be used, in words for a user. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** Why Redis did not do something: what the machine or Redis itself says, without what was sent. */
export function whyRedisFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first = error] = error instanceof AggregateError ? error.errors.filter((one) => one instanceof Error) : [];
  return first.message === '' && 'code' in first ? String(first.code) : first.message;
}

/** Redis has no memory left for what it was asked to keep. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM');
}

/** Redis answered, if only to refuse: it is not in the middle of starting, of a failover or of an end. */
export function isAnswer(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'ReplyError' &&
    !/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|MISCONF|NOAUTH|UNKILLABLE|BUSY|TRYAGAIN)\b/.test(error.message)
  );
}
