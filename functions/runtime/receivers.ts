import { readFileSync } from "node:fs";
import type { AllowedReceivers } from "../../shared/webhooks/address.ts";

/**
 * The environment variable that names the file with the receivers of webhooks that a local stack may call wherever they are: one
 * `host:port` a line. The local engine sets it, and no stack does.
 */
export const RECEIVERS_FILE = "VOUCHSAFE_RECEIVERS_FILE";

/** Gives the receivers that may be called wherever they are. Elsewhere than on a local stack there are none, whatever a file says. */
export function receiversFor(environmentName: string | undefined, file: string | undefined): AllowedReceivers {
  if (environmentName !== "local" || file === undefined) return () => [];
  return () => linesOf(file);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Those of this process. */
export const allowedReceivers = receiversFor(process.env["ENVIRONMENT"], process.env[RECEIVERS_FILE]);
