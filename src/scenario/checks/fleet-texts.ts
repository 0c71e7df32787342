import { type FleetTemplate, type TemplatedFleet, templatesOf } from '../../device/fleet-templates.ts';
import { generatedDeviceName } from '../../device/identity.ts';
import {
  compileTemplate,
  environmentNameOf,
  placeholdersOf,
  type TemplateValues,
  variableOf,
} from '../../device/template.ts';
import { binaryFault, expectedOfFilter, expectedOfTopic, stringFault } from '../../link/mqtt/sendable.ts';
import type { Environment } from '../environment.ts';
import type { FleetInput } from '../schema/fleet-schema.ts';
import type { Fault, FaultText, Path } from '../text/fault.ts';
import { faultAt, type RawNode } from '../text/raw.ts';

/** A filled-in text that MQTT does not allow, and where its template is in the fleet. */
export interface TextFault {
  readonly path: Path;
  readonly text: FaultText;
}

interface Compiled {
  readonly template: FleetTemplate;
  fill(values: TemplateValues): string;
}

/** Fills in a fleet's templates and checks whether MQTT can carry the results. */
export class FleetTexts {
  readonly #isClean: boolean;
  /** Those that differ between devices. */
  readonly #varying: readonly Compiled[];
  readonly #clientId: Compiled | undefined;
  /** Faults in texts that are the same for all devices. */
  readonly faults: readonly TextFault[];

  /** Templates with a variable that `environment` lacks are skipped: that is a fault of its own. */
  constructor(
    fleet: TemplatedFleet,
    isClean: boolean,
    environment: Environment | undefined,
    columns: readonly string[],
  ) {
    this.#isClean = isClean;
    const compiled = templatesOf(fleet).flatMap((template) => compiledOf(template, environment ?? {}, columns));
    this.#clientId = compiled.find(({ template }) => template.field === 'clientId');
    this.#varying = compiled.filter(({ template }) => isVarying(template));
    const constant = compiled.filter(({ template }) => !isVarying(template));
    this.faults = constant.flatMap((text) => this.#faultOf(text, NO_DEVICE) ?? []);
  }

  /** Whether client ids differ between devices; undefined when no template makes them, or they cannot be known. */
  get hasOwnClientIds(): boolean | undefined {
    return this.#clientId === undefined ? undefined : isVarying(this.#clientId.template);
  }

  clientIdOf(values: TemplateValues): string | undefined {
    return this.#clientId?.fill(values);
  }

  /** The first thing wrong with the texts of one device. */
  faultOf(values: TemplateValues): TextFault | undefined {
    for (const text of this.#varying) {
      const fault = this.#faultOf(text, values);
      if (fault !== undefined) return fault;
    }
    return this.#doubleFilter(values);
  }

  #faultOf({ template, fill }: Compiled, values: TemplateValues): TextFault | undefined {
    const filled = fill(values);
    const text = this.#refusalOf(template, filled);
    return text === undefined ? undefined : { path: template.path, text };
  }

  #refusalOf({ field }: FleetTemplate, text: string): FaultText | undefined {
    if (field === 'password') return binaryFault(text);
    const refusal = stringFault(text);
    if (refusal !== undefined) return refusal;
    if (field === 'clientId') return text === '' && !this.#isClean ? NO_CLIENT_ID : undefined;
    if (field === 'username') return undefined;
    if (text === '') return { message: 'is empty when filled in', expected: 'a topic of at least one character' };
    const expected = field === 'topic' ? expectedOfTopic(text) : expectedOfFilter(text);
    const what =
      field === 'topic' ? 'is not a valid topic when filled in' : 'is not a valid topic filter when filled in';
    return expected === undefined ? undefined : { message: what, expected };
  }

  /** Services differ in how they answer a SUBSCRIBE that has the same filter twice. */
  #doubleFilter(values: TemplateValues): TextFault | undefined {
    const filters = this.#varying.filter(({ template }) => template.field === 'filter');
    if (filters.length < 2) return undefined;
    const seen = new Set<string>();
    for (const { template, fill } of filters) {
      const filled = fill(values);
      if (seen.has(filled)) return { path: template.path, text: DOUBLE_FILTER };
      seen.add(filled);
    }
    return undefined;
  }
}

/** A service must refuse it with CONNACK 2 [MQTT 3.1.1 clause 3.1.3.1]. */
const NO_CLIENT_ID: FaultText = {
  message: 'empty, but clean is false: the service has no name to keep the session under',
  expected: 'a client id, or clean: true',
};
const DOUBLE_FILTER: FaultText = {
  message: 'is the same as another filter when filled in',
  expected: 'filters that differ from each other',
};

/** Fills templates that contain nothing of a device. */
const NO_DEVICE: TemplateValues = { deviceName: '', productKey: '', deviceSecret: '', index: '' };

function isVarying({ text }: FleetTemplate): boolean {
  return placeholdersOf(text).some((name) => environmentNameOf(name) === undefined);
}

function compiledOf(template: FleetTemplate, environment: Environment, columns: readonly string[]): Compiled[] {
  const names = placeholdersOf(template.text).flatMap((name) => environmentNameOf(name) ?? []);
  const values = names.map((name) => [name, variableOf(environment, name)] as const);
  const known = values.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  if (known.length < names.length) return [];
  return [{ template, fill: compileTemplate(template.text, Object.fromEntries(known), columns) }];
}

/** Faults in a fleet's texts that no row of a list causes; `generated`: the fleet, if its devices are generated. */
export function textFaults(root: RawNode, path: Path, texts: FleetTexts, generated?: FleetInput): Fault[] {
  const constant = texts.faults.map((fault) => faultAt(root, [...path, ...fault.path], fault.text));
  return generated === undefined ? constant : [...constant, ...generatedFaults(root, path, texts, generated)];
}

/** Generated names and numbers differ only in their digits: if one of the longest is fine, all are. */
function generatedFaults(
  root: RawNode,
  path: Path,
  texts: FleetTexts,
  { name, devices, productKey }: FleetInput,
): Fault[] {
  const index = Number(devices) - 1;
  const deviceName = generatedDeviceName(name, index);
  const values = { deviceName, productKey: productKey ?? '', deviceSecret: '0'.repeat(32), index: String(index + 1) };
  const fault = texts.faultOf(values);
  if (fault === undefined) return [];
  return [faultAt(root, [...path, ...fault.path], { ...fault.text, hint: `for example for device ${deviceName}` })];
}
