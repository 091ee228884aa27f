import { Duration } from "aws-cdk-lib";
import type * as z from "zod";
import * as fulfilment from "../functions/fulfilment/env.ts";
import * as maintenance from "../functions/maintenance/env.ts";
import * as operator from "../functions/operator/env.ts";
import * as storefront from "../functions/storefront/env.ts";
import * as streams from "../functions/streams/env.ts";
import * as supplier from "../functions/supplier/env.ts";

/** Every function there is: each has one schema, `<name>Env`, beside its code in `functions/<audience>/<name>.ts`. */
const audiences = { storefront, supplier, operator, fulfilment, streams, maintenance };

type Audiences = typeof audiences;
export type Audience = keyof Audiences;
type Schemas = UnionToIntersection<Audiences[Audience]>;
export type FunctionName = keyof Schemas extends `${infer Name}Env` ? Name : never;

/** All that any function is given. A variable that a schema adds is one that the service stack must provide. */
export type Environment = UnionToIntersection<Something<z.output<Schemas[keyof Schemas]>>>;

type Something<T> = T extends Record<string, never> ? never : T;

type UnionToIntersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

export interface FunctionSpec {
  readonly name: FunctionName;
  readonly audience: Audience;
  readonly schema: z.ZodObject;
  /** As files and deployed functions are called: `place-order`. */
  readonly kebabName: string;
}

export const functionSpecs: readonly FunctionSpec[] = Object.entries(audiences).flatMap(([audience, schemas]) =>
  Object.entries(schemas).map(([key, schema]) => {
    const name = key.replace(/Env$/, "") as FunctionName;
    return { name, audience: audience as Audience, schema, kebabName: kebab(name) };
  }),
);

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function specOf(name: FunctionName): FunctionSpec {
  const found = functionSpecs.find((spec) => spec.name === name);
  if (found === undefined) throw new Error(`There is no function ${name}.`);
  return found;
}

/** MB, which is CPU too: Lambda gives a whole one at 1,769. An import encrypts 5,000 codes within one request. */
const memory: Partial<Record<FunctionName, number>> = {
  placeOrder: 1024,
  importStock: 1024,
  runImport: 1024,
  // Opens up to 100,000 codes and encrypts them again.
  exportDeliverables: 1769,
};
export const memoryOf = ({ name }: FunctionSpec): number => memory[name] ?? 512;

/**
 * API Gateway gives up after 30 s. A supplier's call is over after 20 s, by which `placing` lines are judged. A sweep has
 * many ranges to look at, and two at once are safe.
 */
const timeouts: Record<Audience, Duration> = {
  storefront: Duration.seconds(29),
  supplier: Duration.seconds(29),
  operator: Duration.seconds(29),
  fulfilment: Duration.seconds(20),
  streams: Duration.minutes(1),
  maintenance: Duration.minutes(1),
};
const longer: Partial<Record<FunctionName, Duration>> = {
  sweepStock: Duration.minutes(5),
  syncSupplier: Duration.minutes(5),
  restock: Duration.minutes(5),
  runImport: Duration.minutes(5),
  settleAccounts: Duration.minutes(5),
};
export const timeoutOf = ({ name, audience }: FunctionSpec): Duration => longer[name] ?? timeouts[audience];
