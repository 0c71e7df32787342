/** Where Redis is, and as whom to talk to it. Holds a password, so it is never printed. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly isSecure: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** For people, without the password: `rediss://load@redis.example.com:6379`. */
  readonly words: string;
}

/** The parsed address, or why it cannot be used. */
export type ReadRedisAddress =
  | { readonly ok: true; readonly address: RedisAddress }
  | { readonly ok: false; readonly fault: string };

/** Environment variable that holds the password. */
export const REDIS_PASSWORD_VARIABLE = 'FLEETSTORM_REDIS_PASSWORD';

const USUAL_PORT = 6379;
const FORM = '--redis takes redis://[USER@]HOST[:PORT][/DB], or rediss:// for TLS';

/**
 * Reads `--redis`; the password comes from the environment. One in the address is refused, and not repeated: anybody on the machine can read
 * command lines.
 */
export function readRedisAddress(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): ReadRedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return { ok: false, fault: FORM };
  if (url.password !== '') return { ok: false, fault: PASSWORD_FAULT };
  const db = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (db === undefined || url.search !== '' || url.hash !== '') return { ok: false, fault: FORM };
  const username = url.username === '' ? undefined : decodeURIComponent(url.username);
  const password = environment[REDIS_PASSWORD_VARIABLE];
  if (username !== undefined && (password === undefined || password === ''))
    return { ok: false, fault: `--redis names the user ${username}: set ${REDIS_PASSWORD_VARIABLE} to its password` };
  const port = url.port === '' ? USUAL_PORT : Number(url.port);
  const user = username === undefined ? '' : `${username}@`;
  return {
    ok: true,
    address: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      db: Number(db),
      isSecure: url.protocol === 'rediss:',
      username,
      password: password === '' ? undefined : password,
      words: `${url.protocol}//${user}${url.hostname}:${port}${db === '' ? '' : `/${db}`}`,
    },
  };
}

const PASSWORD_FAULT = `--redis holds a password, which everybody on this machine can read in the list of processes: leave it out of the address, and set ${REDIS_PASSWORD_VARIABLE} to it`;
