import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { ROOT } from './pages.ts';

const FOLDER = join(ROOT, 'docs/kubernetes');

/** What of an object the tests look at, beside its schema. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: ManifestSpec;
}

interface ManifestSpec {
  readonly completions?: number;
  readonly parallelism?: number;
  readonly replicas?: number;
  readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
}

/** Kinds of objects: their model, which checks values, and the type that knows their keys. */
const KINDS = {
  Job: { model: Job, module: 'kubernetes-models/batch/v1' },
  Deployment: { model: Deployment, module: 'kubernetes-models/apps/v1' },
  Service: { model: Service, module: 'kubernetes-models/v1' },
  PersistentVolumeClaim: { model: PersistentVolumeClaim, module: 'kubernetes-models/v1' },
} as const;

/** Names of the manifests of the documentation. */
export function manifestFiles(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
}

export function manifestText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** The objects of a manifest. Throws if it is not YAML. */
export function objectsIn(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/**
 * What the Kubernetes API would reject, or ignore, in each of these manifests: values that its schema does not allow, and keys that it does
 * not know. The schema's validators let unknown keys pass, so the compiler looks for those: in all at once, as it takes long to start.
 */
export function manifestFaults(texts: readonly string[]): string[][] {
  const manifests = texts.map(objectsIn);
  const values = manifests.map((objects) => objects.flatMap(valueFaults));
  const keys = keyFaults(manifests.map((objects, index) => (values[index]?.length === 0 ? objects : [])));
  return values.map((faults, index) => [...faults, ...(keys[index] ?? [])]);
}

function valueFaults(object: Manifest): string[] {
  const kind = kindOf(object);
  if (kind === undefined) return [`a ${object.kind} is none of ${Object.keys(KINDS).join(', ')}`];
  try {
    // Its data are whatever the file holds, which is what is checked.
    new kind.model(object as never).validate();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function kindOf({ kind }: Manifest): (typeof KINDS)[keyof typeof KINDS] | undefined {
  return Object.entries(KINDS).find(([name]) => name === kind)?.[1];
}

function keyFaults(manifests: readonly (readonly Manifest[])[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-manifests-'));
  try {
    const files = manifests.map((objects, index) => {
      writeFileSync(join(folder, `manifest-${index}.ts`), typedObjects(objects));
      return `manifest-${index}.ts`;
    });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    const faults = stdout.split('\n').filter((line) => line.includes('error TS'));
    return files.map((file) => faults.filter((line) => line.includes(`${file}(`)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  lib: ['es2023'],
  paths: { 'kubernetes-models/*': [join(ROOT, 'node_modules/kubernetes-models/*')] },
  moduleResolution: 'bundler',
  module: 'esnext',
};

/** A module in which each object is of the type of its kind. */
function typedObjects(objects: readonly Manifest[]): string {
  const lines = objects.map((object, index) => {
    const module = kindOf(object)?.module ?? '';
    return `export const object${index}: import('${module}').I${object.kind} = ${JSON.stringify(object, null, 1)};`;
  });
  return lines.join('\n');
}

/** The commands of fleetstorm that an object's containers run, in words. */
export function commandsIn({ spec }: Manifest): string[][] {
  return (spec.template?.spec.containers ?? []).flatMap(({ command = [], args = [], image }) => {
    if (!image.includes('fleetstorm')) return [];
    if (command.length === 0) return [[...args]];
    const [, words = ''] = / fleetstorm (.*)$/s.exec(args.join(' ')) ?? [];
    return [words.split(/\s+/).map((word) => word.replaceAll('"', ''))];
  });
}
