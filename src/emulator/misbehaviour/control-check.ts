import type { AuthFailure, DelayTime, EmulatorControl, Misbehaviour, Rate } from '../contract/control.ts';

/** Why a command's numbers are impossible, in words; undefined when they are fine. Types are up to the caller; numbers come from scenarios. */
export function controlFault(command: EmulatorControl): string | undefined {
  switch (command.kind) {
    case 'begin':
      return misbehaviourFault(command.misbehaviour);
    case 'advance-clock':
      return command.bySec >= 0 ? undefined : `the clock only moves forward, not by ${command.bySec} s`;
    case 'restart':
      return command.downMs >= 0 ? undefined : `no restart of ${command.downMs} ms`;
    default:
      return undefined;
  }
}

function misbehaviourFault(misbehaviour: Misbehaviour): string | undefined {
  switch (misbehaviour.kind) {
    case 'refuse':
      return codeFault(misbehaviour.code) ?? fractionFault(misbehaviour.fraction);
    case 'limit':
      return rateFault(misbehaviour) ?? overFault(misbehaviour);
    case 'limit-auth':
      return rateFault(misbehaviour);
    case 'delay':
      return delayFault(misbehaviour.time);
    case 'fail-auth':
      return failureFault(misbehaviour.answer) ?? fractionFault(misbehaviour.fraction);
    case 'stall-auth':
      return undefined;
    default:
      return misbehaviour satisfies never;
  }
}

function overFault({ over, collapse }: Extract<Misbehaviour, { kind: 'limit' }>): string | undefined {
  if (over !== 'wait') {
    return collapse === undefined
      ? codeFault(over.refuse)
      : 'only where logins wait can a wait be too long; let them wait';
  }
  if (collapse === undefined || (collapse.waitUs >= 0 && collapse.perSec > 0)) return undefined;
  return `no collapse to ${collapse.perSec} per second after ${collapse.waitUs} us; give more than 0, at least 0`;
}

function codeFault(code: number): string | undefined {
  return isWhole(code, 1, 255) ? undefined : `no CONNACK refuses with code ${code}; give 1 to 255`;
}

function fractionFault(fraction: number | undefined): string | undefined {
  return fraction === undefined || (fraction >= 0 && fraction <= 1)
    ? undefined
    : `no fraction of ${fraction}; give 0 to 1`;
}

function rateFault({ perSec, burst }: Rate): string | undefined {
  return perSec > 0 && burst >= 1
    ? undefined
    : `no limit of ${perSec} per second, burst ${burst}; give more than 0, at least 1`;
}

function failureFault(answer: AuthFailure): string | undefined {
  if ('code' in answer) return Number.isInteger(answer.code) ? undefined : `no auth code ${answer.code}`;
  return isWhole(answer.httpStatus, 400, 599) ? undefined : `no HTTP failure ${answer.httpStatus}; give 400 to 599`;
}

function delayFault(time: DelayTime): string | undefined {
  const { kind, ...figures } = time;
  const isRight = Object.values(figures).every((figure) => figure >= 0);
  return isRight ? undefined : `no ${kind} delay of ${JSON.stringify(figures)}; its values must be 0 or more`;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
