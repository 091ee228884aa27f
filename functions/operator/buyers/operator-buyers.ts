import { eraseBuyer, replayErasures } from "../../../shared/buyers/erase.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { namesOf } from "../../../shared/orders/people.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps } = dependenciesOf(functions.operatorBuyers);
const recognise = recogniser(kmsClient(), env.RECOGNITION_KEY);

export const handler = httpFunction("operator-buyers", functions.operatorBuyers, forRecordedOperators(deps), {
  eraseBuyer: async ({ body }) => {
    const [person = ""] = namesOf(await recognise(), body);
    return acts({ what: { by: body.email === undefined ? "phone" : "email" }, names: { person } }, async () =>
      ok({ body: await eraseBuyer(deps, person) }),
    );
  },

  replayErasures: async ({ body: { since }, after }) => {
    const step = async () => {
      const replayed = await replayErasures(deps, new Date(since), after);
      if (!replayed.ok) return replayed;
      const { next, ...counts } = replayed.value;
      return ok({ body: counts, next });
    };
    // Its first step is on record for all of them.
    return after === undefined ? acts({ what: { since } }, step) : step();
  },
});
