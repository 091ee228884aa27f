import { Problem } from "../local/problems.ts";
import { type AwsAccount, awsAccount } from "./aws-account.ts";
import { contextOf, namedEnvironment } from "./context.ts";
import { type Wanted, wantedBy } from "./names.ts";
import { preflight } from "./preflight.ts";
import { placeAsked } from "./profile.ts";

/** Checks the account for the deployment that these arguments ask for, and prints what was found. True: nothing stops it. */
export async function isReady(argv: readonly string[]): Promise<boolean> {
  const context = await contextOf(argv);
  namedEnvironment(context);
  Object.assign(process.env, placeAsked(argv));
  const account = await awsAccount();
  process.stdout.write(`Account ${account.id}, region ${account.region}, environment ${String(context["env"])}\n`);
  const findings = await preflight(account, wantedFor(context, account));
  // What is there is adopted: that is no obstacle then.
  const adopts = argv.includes("--import-existing-resources");
  const stopping = findings.filter(({ stops, adoptable = false }) => stops && !(adoptable && adopts));
  for (const { check, says, stops } of findings) process.stdout.write(`${stops ? "✗" : "✓"} ${check}: ${says}\n`);
  return stopping.length === 0;
}

/**
 * Reads what the deployment would make. If the configuration is wrong (for example `prod` without an `alarmEmail`), its
 * own message is shown.
 */
function wantedFor(context: Record<string, unknown>, account: AwsAccount): Wanted {
  try {
    return wantedBy(context, account);
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}
