/** Why an agent does not take a share. */
export type ShareRefusal =
  /** Not what this program packs. */
  | 'malformed'
  /** Packed by a program of another version, or with another shape of plans. */
  | 'version'
  /** Sealed, and there is no key here. */
  | 'no-key'
  /** Not sealed, though there is a key here. */
  | 'not-sealed'
  /** Sealed with another key. */
  | 'wrong-key'
  /** Changed on its way, or meant for another run, share or agent. */
  | 'tampered';

/** A share that cannot be taken. The message says why and what to do, and repeats nothing of the share. */
export class ShareError extends Error {
  override readonly name = 'ShareError';
  readonly refusal: ShareRefusal;

  constructor(refusal: ShareRefusal, message: string, cause?: unknown) {
    super(message, { cause });
    this.refusal = refusal;
  }
}

/** A share that holds secrets, and no key to seal them with. */
export class UnsealedSecretError extends Error {
  override readonly name = 'UnsealedSecretError';
  /** What is secret, in words: `the device secrets of meters.csv`. Never empty. */
  readonly secrets: readonly string[];

  constructor(secrets: readonly string[]) {
    super(
      `what agents would get holds secrets (${listed(secrets)}), and those are never sent open: give run and every agent the same key, with --key-file FILE or in FLEETSTORM_RUN_KEY; \`openssl rand -base64 32\` makes one`,
    );
    this.secrets = secrets;
  }
}

/** A device list that agents cannot get as it is. The message says why and what to do. */
export class AgentListError extends Error {
  override readonly name = 'AgentListError';
}

const MAX_LISTED = 6;

function listed(secrets: readonly string[]): string {
  const hidden = secrets.length - MAX_LISTED;
  return hidden > 0 ? `${secrets.slice(0, MAX_LISTED).join('; ')}; and ${hidden} more` : secrets.join('; ');
}
