import {
  type DirectConnectFields,
  directConnectFields,
  SIGN_METHODS,
  type SignMethod,
  signedContent,
} from '../device/auth/signing.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { DEVICE_SECRET_VARIABLE, readDeviceSecret } from './options/device-secret.ts';

/** Arguments of `sign`. The secret is not one of them. */
export interface SignArgs {
  readonly productKey: string;
  readonly deviceName: string;
  readonly clientId: string;
  readonly timestamp?: string | undefined;
  readonly signmethod: SignMethod;
  readonly secure: boolean;
  readonly json: boolean;
}

/** The same as written on the command line; yargs provides both spellings. */
type SignOptions = Omit<SignArgs, 'productKey' | 'deviceName' | 'clientId'> & {
  readonly 'product-key': string;
  readonly 'device-name': string;
  readonly 'client-id': string;
};

/** `sign`: the CONNECT fields of one direct login, and the content they sign. */
export function signCommand(io: Io, exit: (code: number) => void): CommandCode<SignOptions> {
  return {
    builder: (yargs) =>
      yargs
        .option('product-key', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'Product of the device',
        })
        .option('device-name', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'Name of the device',
        })
        .option('client-id', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          describe: 'Bare client id, at most 64 characters: a MAC address or serial number',
        })
        .option('timestamp', {
          type: 'string',
          requiresArg: true,
          describe: 'Milliseconds to sign as salt, or `now`; left out: none',
        })
        .option('signmethod', {
          choices: SIGN_METHODS,
          default: 'hmacsha1' as SignMethod,
          describe: 'HMAC to sign with',
        })
        .option('secure', {
          type: 'boolean',
          default: false,
          describe: 'Sign for TLS (securemode 2) instead of TCP (securemode 3)',
        })
        .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
        .example(
          `${DEVICE_SECRET_VARIABLE}=secret $0 sign --product-key pk --device-name device --client-id 12345 --timestamp 789`,
          'The example of the protocol document',
        )
        .epilog(
          `The device secret is read from ${DEVICE_SECRET_VARIABLE}, else from a prompt, else from one line of stdin.`,
        ),
    handler: async (args) => exit(await runSign(io, args)),
  };
}

/** Signs one login and prints it. Resolves to the exit code. */
export async function runSign(io: Io, args: SignArgs): Promise<number> {
  const timestamp = args.timestamp === 'now' ? String(Date.now()) : args.timestamp;
  const faults = signFaults({ ...args, timestamp });
  if (faults.length > 0) {
    io.stderr.write(faults.map((fault) => `sign: ${fault}\n`).join(''));
    return EXIT_CODES.usage;
  }
  const deviceSecret = await readDeviceSecret(io);
  if (deviceSecret === undefined) {
    io.stderr.write(`sign: no device secret; set ${DEVICE_SECRET_VARIABLE}, type it, or pass it as a line of stdin\n`);
    return EXIT_CODES.usage;
  }
  const { productKey, deviceName, clientId, secure } = args;
  const fields = directConnectFields({ ...args, deviceSecret, timestamp, securemode: secure ? 2 : 3 });
  const content = signedContent(clientId, deviceName, productKey, timestamp);
  io.stdout.write(args.json ? `${JSON.stringify({ ...fields, content }, null, 2)}\n` : describeFields(fields, content));
  return EXIT_CODES.passed;
}

/** All faults in the arguments, in words. */
function signFaults({ productKey, deviceName, clientId, timestamp }: SignArgs): string[] {
  const faults: string[] = [];
  if (productKey === '' || productKey.includes('&')) faults.push('--product-key must not be empty or contain "&"');
  if (deviceName === '') faults.push('--device-name must not be empty');
  if (clientId === '' || clientId.includes('|')) faults.push('--client-id must not be empty or contain "|"');
  if ([...clientId].length > 64)
    faults.push(`--client-id has ${[...clientId].length} characters; at most 64 are allowed`);
  if (timestamp !== undefined && !/^\d+$/.test(timestamp)) {
    faults.push(`--timestamp ${timestamp} is neither milliseconds in digits nor \`now\``);
  }
  return faults;
}

function describeFields({ clientId, username, password }: DirectConnectFields, content: string): string {
  return `client id  ${clientId}\nusername   ${username}\npassword   ${password}\nsigned     ${content}\n`;
}
