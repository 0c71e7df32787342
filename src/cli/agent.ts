import { hostname } from 'node:os';
import type { AgentOptions } from '../host/agents/agent/agent-options.ts';
import { AgentProgram } from '../host/agents/agent/agent-program.ts';
import { ownFacts } from '../host/agents/agent/own-facts.ts';
import { AGENT_TIMES } from '../host/agents/agent-times.ts';
import { AgentsError } from '../host/agents/agents-error.ts';
import { capacityOf } from '../host/agents/capacity.ts';
import { RunKeyError, readRunKey } from '../host/agents/payload/read-run-key.ts';
import { type RedisAddress, readRedisAddress } from '../host/agents/redis/redis-address.ts';
import { RedisError } from '../host/agents/redis/redis-error.ts';
import { RedisLink } from '../host/agents/redis/redis-link.ts';
import { readMachineLimits } from '../host/machine/machine-limits.ts';
import { uselessSources } from '../host/machine/source-check.ts';
import { tuningIn } from '../host/machine/tuning.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { version } from '../run/version.ts';
import type { Io } from './io/io.ts';
import { type AgentArgs, agentFault, agentOptions } from './options/agent-options.ts';
import type { CommandCode } from './options/command-code.ts';

/** `agent`: plays shares of runs on this machine, in the foreground, until it is asked to end. */
export function agentCommand(io: Io, exit: (code: number) => void): CommandCode<AgentArgs> {
  return {
    builder: (yargs) =>
      agentOptions(yargs)
        .example('$0 agent --redis redis://10.0.0.5', 'An agent with the name of this machine')
        .example('$0 agent --redis rediss://load@redis.example.com --allow-remote broker.example.com', 'With TLS')
        .epilog(
          'The password of Redis comes from FLEETSTORM_REDIS_PASSWORD. On the machine that leads: fleetstorm run FILE --redis URL --agents N',
        ),
    handler: async (args) => exit(await runAgent(io, args)),
  };
}

/** Serves until asked to end. Resolves to the exit code. */
export async function runAgent(io: Io, args: AgentArgs): Promise<number> {
  const address = readRedisAddress(args.redis, io.env);
  const tuning = tuningIn(io.env);
  const fault = agentFault(args) ?? (address.ok ? undefined : address.fault) ?? (tuning.ok ? undefined : tuning.fault);
  if (fault !== undefined || !address.ok) return told(io, fault ?? '', EXIT_CODES.usage);
  try {
    const options = await optionsOf(io, args);
    if ('fault' in options) return told(io, options.fault, EXIT_CODES.preflightRefused);
    return await serve(io, address.address, options);
  } catch (error) {
    if (error instanceof RunKeyError) return told(io, error.message, EXIT_CODES.usage);
    if (error instanceof RedisError || error instanceof AgentsError)
      return told(io, error.message, EXIT_CODES.preflightRefused);
    throw error;
  }
}

async function serve(io: Io, address: RedisAddress, options: AgentOptions): Promise<number> {
  const link = await RedisLink.open(address);
  const program = new AgentProgram(link, options);
  const off = io.onSignal(() => program.end());
  try {
    await program.start();
    options.tell(`${holdingWords(options)}; waiting for shares at ${address.words}`);
    await program.ended();
    options.tell('Ended');
    return EXIT_CODES.passed;
  } finally {
    off();
    link.close();
  }
}

async function optionsOf(io: Io, args: AgentArgs): Promise<AgentOptions | { readonly fault: string }> {
  const limits = await readMachineLimits();
  const [useless] = uselessSources(args.sources ?? [], { own: limits.addresses, targets: undefined });
  if (useless !== undefined) return { fault: useless.replace(/^sources/, '--sources') };
  const name =
    args.name ??
    hostname()
      .replaceAll(/[^\w.-]/g, '-')
      .slice(0, 64);
  const { key, warnings } = await readRunKey(args['key-file'], io.env);
  const tell = (words: string): void => io.stderr.write(`agent ${name}: ${words}\n`);
  for (const warning of warnings) tell(`warning: ${warning}`);
  const tuning = tuningIn(io.env);
  const processes = args.processes ?? 1;
  return {
    name,
    version,
    limits,
    workers: Math.max(processes, args.workers ?? Math.max(1, limits.cores - 1)),
    processes,
    mostSessions: args.sessions,
    sources: args.sources,
    allowedHosts: args['allow-remote'],
    key,
    dataFolder: args.data,
    env: io.env,
    tuning: tuning.ok ? tuning.tuning : undefined,
    times: AGENT_TIMES,
    tell,
  };
}

/** `holds 19,904 sessions (descriptors) in 1 worker thread`. */
function holdingWords(options: AgentOptions): string {
  const { sessions, by } = capacityOf(ownFacts(options), false);
  const { workers } = options;
  return `holds ${sessions.toLocaleString('en-US')} sessions (${by}) in ${workers} worker thread${workers === 1 ? '' : 's'}`;
}

function told(io: Io, words: string, code: number): number {
  io.stderr.write(`${words}\n`);
  return code;
}
