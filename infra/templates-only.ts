import { App } from "aws-cdk-lib";

/**
 * Makes an app whose templates are only looked at, not deployed: the functions' code is not bundled, and the CDK's own rules, which take
 * longer than all the rest, don't judge the templates again. `npm run check` and each deployment to a real account do both.
 */
export const templatesOnly = (outdir: string, context: Readonly<Record<string, unknown>> = {}): App =>
  new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { ...context, "aws:cdk:bundling-stacks": [] },
  });
