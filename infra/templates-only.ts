/**
 * Context for an app whose templates are only looked at, not deployed: the functions' code is not bundled, and the CDK's own rules, which
 * take a second, don't judge the templates again. `npm run check` and each deployment do both.
 */
export const templatesOnly = {
  "aws:cdk:bundling-stacks": [],
  "@aws-cdk/core:validateAgainstDefaultRules": false,
} as const;
