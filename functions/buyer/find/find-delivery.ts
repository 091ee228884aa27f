import { sendMessage } from "../../../shared/aws/send-message.ts";
import { countWrongLink } from "../../../shared/deliveries/find.ts";
import { openOnce } from "../../../shared/deliveries/once.ts";
import { contactFrom, type Search, searchOrder } from "../../../shared/deliveries/search.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { isLinkToken } from "../../../shared/secrecy/link-tokens.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { languageOf } from "../delivery/language.ts";
import { forBuyers, refusedLink } from "../delivery/shell.ts";
import { type Asked, oncePage, searchedPage, searchPage } from "./find-page.tsx";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.findDelivery);
const sqs = sqsClient();
const deps = {
  ...given,
  recognise: recogniser(kmsClient(), env.RECOGNITION_KEY),
  queue: (search: Search) => sendMessage(sqs, env.SEARCH_QUEUE_URL, JSON.stringify(search)),
};

type Read = { query: { lang?: string | undefined }; headers: Record<string, string | undefined> };

const languageIn = ({ query: { lang }, headers }: Read) => languageOf({ lang, accepts: headers["accept-language"] });
const page = (body: string, status = 200) => ok({ body, status, raw: true, headers: { "Content-Type": HTML } });

/** As many as an order's number may have. */
const REFERENCE_LENGTH = 100;

/** Finds orders again for their buyers. It reads no order: what is found is told to the order's own address, by others. */
export const handler = pageFunction("find-delivery", functions.findDelivery, forBuyers, {
  showSearch: async (request) => page(searchPage(languageIn(request), { values: NOTHING, wrong: [] })),

  searchOrder: async ({ form, sourceIp, ...request }) => {
    const reference = form.reference.trim();
    const contact = contactFrom(form.contact);
    const wrong: Asked[] = [];
    if (reference === "" || reference.length > REFERENCE_LENGTH) wrong.push("reference");
    if (contact === undefined) wrong.push("contact");
    const language = languageIn(request);
    if (contact === undefined || wrong.length > 0) return page(searchPage(language, { values: form, wrong }), 400);
    const taken = await searchOrder(deps, { reference, contact }, sourceIp);
    if (taken === "too_many") return refuse("too_many_searches", "Too many searches came from this network.");
    return page(searchedPage(language));
  },

  showOnce: async ({ params: { token }, ...request }) => page(oncePage(languageIn(request), token)),

  openOnce: async ({ params: { token }, sourceIp, ...request }) => {
    const opened = await openOnce(deps, token);
    if (opened === undefined) return refusedLink(isLinkToken(token) ? await countWrongLink(deps, sourceIp) : "no_link");
    const headers = { "Content-Type": HTML, Location: `../d/${opened}?lang=${languageIn(request)}` };
    return ok({ body: "", raw: true, headers });
  },
});

const NOTHING = { reference: "", contact: "" };
