/** Exit codes of the program; a summary holds the one of its run. */
export const EXIT_CODES = {
  passed: 0,
  internalError: 1,
  usage: 2,
  preflightRefused: 3,
  targetUnreachable: 4,
  generatorLimited: 97,
  degraded: 98,
  thresholdFailed: 99,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** What each exit code means. */
export const EXIT_CODE_WORDS: Readonly<Record<number, string>> = {
  [EXIT_CODES.passed]: 'passed',
  [EXIT_CODES.internalError]: 'internal error',
  [EXIT_CODES.usage]: 'usage or scenario fault',
  [EXIT_CODES.preflightRefused]: 'preflight refused',
  [EXIT_CODES.targetUnreachable]: 'target unreachable, or no login was accepted',
  [EXIT_CODES.generatorLimited]: 'generator-limited',
  [EXIT_CODES.degraded]: 'degraded',
  [EXIT_CODES.thresholdFailed]: 'a threshold failed',
  [EXIT_CODES.interrupted]: 'interrupted, results are written',
};
