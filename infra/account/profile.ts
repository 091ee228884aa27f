import { Problem } from "../local/problems.ts";
import { saidOf } from "./said.ts";

/** What CDK takes for the credentials and the region, and the variables by which AWS's clients take the same. */
const OPTIONS = { profile: "AWS_PROFILE", region: "AWS_REGION" } as const;

/**
 * Gives the environment variables that `--profile` and `--region` stand for, so that our checks look at the account and
 * region that CDK would deploy to.
 */
export function placeAsked(argv: readonly string[]): Partial<Record<"AWS_PROFILE" | "AWS_REGION", string>> {
  const asked = Object.entries(OPTIONS).flatMap(([option, variable]) => {
    const values = saidOf(argv, `--${option}`);
    if (values.length > 1) throw new Problem(`--${option} is there twice: say it once.`);
    if (values.some((value) => value === "" || value.startsWith("-"))) throw new Problem(`--${option} has no value.`);
    return values.map((value) => [variable, value]);
  });
  return Object.fromEntries(asked) as ReturnType<typeof placeAsked>;
}
