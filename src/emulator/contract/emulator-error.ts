/** What can prevent an emulator from starting, obeying or answering. Stable: exit codes and tests depend on it. */
export type EmulatorErrorCode =
  | 'devices-file'
  | 'address-in-use'
  | 'listen-failed'
  | 'start-failed'
  | 'died'
  | 'no-answer'
  | 'bad-control'
  | 'state-folder';

/** An error of the emulator, in words for its user: what happened, where, what to do. Free of secrets. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  readonly code: EmulatorErrorCode;

  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
