import type { AuthFailure, DelayTime, EmulatorControl, Fault, Rate } from '../contract/control.ts';

/** Why a command's numbers cannot be, in words; undefined when they can. Types are the caller's affair, numbers come from scenarios. */
export function controlFault(command: EmulatorControl): string | undefined {
  switch (command.kind) {
    case 'begin':
      return faultFault(command.fault);
    case 'advance-clock':
      return command.bySec >= 0 ? undefined : `the clock goes forward only, not by ${command.bySec} s`;
    case 'restart':
      return command.downMs >= 0 ? undefined : `no restart of ${command.downMs} ms`;
    default:
      return undefined;
  }
}

function faultFault(fault: Fault): string | undefined {
  switch (fault.kind) {
    case 'refuse':
      return codeFault(fault.code) ?? fractionFault(fault.fraction);
    case 'limit':
      return rateFault(fault) ?? (fault.over === 'wait' ? undefined : codeFault(fault.over.refuse));
    case 'limit-auth':
      return rateFault(fault);
    case 'delay':
      return delayFault(fault.time);
    case 'fail-auth':
      return failureFault(fault.answer) ?? fractionFault(fault.fraction);
    case 'stall-auth':
      return undefined;
    default:
      return fault satisfies never;
  }
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
    : `no limit of ${perSec} a second, burst ${burst}; give more than 0, at least 1`;
}

function failureFault(answer: AuthFailure): string | undefined {
  if ('code' in answer) return Number.isInteger(answer.code) ? undefined : `no auth code ${answer.code}`;
  return isWhole(answer.httpStatus, 400, 599) ? undefined : `no HTTP failure ${answer.httpStatus}; give 400 to 599`;
}

function delayFault(time: DelayTime): string | undefined {
  const { kind, ...figures } = time;
  const isRight = Object.values(figures).every((figure) => figure >= 0);
  return isRight ? undefined : `no ${kind} delay of ${JSON.stringify(figures)}; its figures are 0 or more`;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
