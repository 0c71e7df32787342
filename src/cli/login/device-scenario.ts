import { loadScenario } from '../../scenario/load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Fault, formatFault } from '../../scenario/text/fault.ts';
import type { Io } from '../io/io.ts';
import type { LoginArgs } from '../options/login-options.ts';

/** Where faults of a scenario come from, if it was made of options. */
const OPTIONS: Readonly<Record<string, string>> = {
  'target.mqtt': '--mqtt',
  'target.auth': '--auth',
  'target.tls.ca': '--ca',
  'target.tls.serverName': '--server-name',
  'target.tls.clientCert': '--client-cert',
  'target.tls.clientKey': '--client-key',
  'fleets[0].productKey': '--product-key',
  'fleets[0].keepalive': '--keepalive',
  'fleets[0].connectTimeout': '--timeout',
  'fleets[0].auth.timestamp': '--timestamp',
};

/** A scenario of one device, made of options; its name and secret come separately. Undefined if it has faults, which go to stderr. */
export async function deviceScenario(io: Pick<Io, 'stderr' | 'env'>, args: LoginArgs): Promise<Scenario | undefined> {
  const text = JSON.stringify(scenarioOf(args));
  // Paths of certificates are relative to the working folder.
  const check = await loadScenario({ path: 'options', text }, [], io.env);
  if (check.ok) return check.scenario;
  io.stderr.write(check.faults.map((fault) => `login: ${optionFault(fault)}\n`).join(''));
  return undefined;
}

function scenarioOf(args: LoginArgs): object {
  const { mqtt, auth, signmethod = 'hmacsha1', timestamp = 'now', keepalive, clean, timeout } = args;
  const mode = args['login-mode'] ?? (auth === undefined ? 'direct' : 'https-token');
  const tls = {
    ca: args.ca,
    serverName: args['server-name'],
    clientCert: args['client-cert'],
    clientKey: args['client-key'],
  };
  const fleet = {
    name: 'device',
    productKey: args['product-key'],
    devices: 1,
    keepalive,
    clean,
    connectTimeout: timeout,
  };
  return {
    version: 1,
    name: 'login',
    duration: '1s',
    target: { mqtt, auth, tls },
    fleets: [{ ...fleet, auth: { mode, signmethod, timestamp } }],
  };
}

function optionFault(fault: Fault): string {
  const option = OPTIONS[fault.path];
  return formatFault({ ...fault, file: option ?? fault.path, line: 0, column: 0, path: '' });
}
