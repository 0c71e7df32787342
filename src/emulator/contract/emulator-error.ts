/** What can keep an emulator from starting, obeying or answering. Stable: exit codes and tests go by it. */
export type EmulatorFaultCode =
  | 'devices-file'
  | 'address-in-use'
  | 'listen-failed'
  | 'start-failed'
  | 'died'
  | 'no-answer'
  | 'bad-control'
  | 'state-folder';

/** A fault of the emulator in words for its user: what happened, where, what to do. Free of secrets. */
export class EmulatorFault extends Error {
  override readonly name = 'EmulatorFault';
  readonly code: EmulatorFaultCode;

  constructor(code: EmulatorFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
