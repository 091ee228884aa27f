import { writeFileSync } from "node:fs";
import { synthesize } from "../../support/infra/templates.ts";
import { keptIn } from "./kept.ts";

// With each release: `node test/infra/stacks/keep.ts` notes what holds data then, for the next release to be compared with.

const { stacks } = synthesize({ env: "prod" });
const kept = Object.entries(stacks).flatMap(([stack, template]) => keptIn(stack, template));
writeFileSync(new URL("./kept.json", import.meta.url), `${JSON.stringify(kept, null, 2)}\n`);
