import { AUTH_CODE_NAMES, authCodeOf, type Outcome } from '../../results/outcome.ts';

/** Kinds with a code of their own that are kept, where a service may make up codes without end. */
export const MAX_MADE_UP = 16;

/** Keeps the first kinds of something whose kinds have no end. */
export class BoundedKinds<Kind> {
  readonly #kept = new Set<Kind>();

  /** True for a kind that is kept, which the first 16 are. */
  keeps(kind: Kind): boolean {
    if (this.#kept.has(kind)) return true;
    if (this.#kept.size >= MAX_MADE_UP) return false;
    this.#kept.add(kind);
    return true;
  }
}

/**
 * The outcomes that are told apart. Each costs its histograms, up to 2 MB, and the auth service chooses its codes and HTTP statuses: those
 * that the document does not name have outcomes of their own up to a number, and the others are `auth-other`, whose details name them.
 * (CONNACK has five codes; any other is a `protocol-error`.)
 */
export class OutcomeKinds {
  readonly #madeUp = new BoundedKinds<Outcome>();

  /** The outcome that this one is counted as. */
  kindOf(outcome: Outcome): Outcome {
    return !isMadeUp(outcome) || this.#madeUp.keeps(outcome) ? outcome : 'auth-other';
  }
}

/** The codes that are told apart: those of the document, and the first others. */
export class AuthCodeKinds {
  readonly #madeUp = new BoundedKinds<string>();

  /** What a code is counted as: itself, or `other`. */
  kindOf(code: string): string {
    return AUTH_CODE_NAMES[Number(code)] !== undefined || this.#madeUp.keeps(code) ? code : 'other';
  }
}

function isMadeUp(outcome: Outcome): boolean {
  const code = authCodeOf(outcome);
  return code === undefined ? /^auth-http-\d+$/.test(outcome) : AUTH_CODE_NAMES[code] === undefined;
}
