/** The option `--allow-remote`, which every command that loads a target has; `what` begins its help: `Allow this host`. */
export function allowRemote(what: string) {
  return {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe: `${what} although it is not this machine; may be repeated`,
  } as const;
}
