import { delimiter, join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../..");

/** Whatever is made while running: not in git, safe to delete. Two stacks of one checkout have folders of their own, by `LOCAL_DIR`. */
export const localDir = resolve(root, process.env["LOCAL_DIR"] ?? ".local");

/** The programs in Python, which all stacks of a checkout share. */
export const pythonDir = join(root, ".local");

const bin = join(root, "node_modules", ".bin");

/**
 * Gives a `PATH` with our own Node first, because the CDK app and the engine's Lambda functions run on the first `node`
 * they find.
 */
export const pathWithOurNode = (rest: string): string => [bin, rest].join(delimiter);

export const cdkCli = join(bin, "cdk");
