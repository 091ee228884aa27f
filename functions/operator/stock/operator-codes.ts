import { findCode, voidCode } from "../../../shared/inventory/find-code.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { ofCodeProducts } from "../code-product.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.operatorCodes);
const deps = { ...given, kms: kmsClient(), fingerprintKey: env.FINGERPRINT_KEY };

const handlers = ofCodeProducts(deps, functions.operatorCodes, {
  findCode: async ({ params: { productId }, body }) => {
    const found = await findCode(deps, productId, body);
    const { codeId } = found.ok ? found.value : {};
    // Where it lies is known by now, and told to nobody before the look is on record.
    return acts({ what: { codeId } }, async () => answer(found));
  },

  voidCode: async ({ params: { productId }, body }) => {
    const found = await findCode(deps, productId, body);
    const { codeId, state } = found.ok ? found.value : {};
    const after = { state: found.ok ? "void" : undefined };
    return acts({ what: { codeId, found: found.ok }, before: { state }, after }, async () =>
      found.ok ? answer(await voidCode(deps, productId, body)) : found,
    );
  },
});

export const handler = httpFunction("operator-codes", functions.operatorCodes, forRecordedOperators(deps), handlers);
