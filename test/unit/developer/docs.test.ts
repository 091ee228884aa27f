import { gunzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { parse } from "parse5";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../functions/buyer/delivery/words.ts";
import { handler } from "../../../functions/developer/docs/show-docs.ts";
import { operations } from "../../../functions/storefront/operations.ts";
import { PROBLEM_CODES, PROBLEMS } from "../../../shared/kernel/problem.ts";

const MOST_KB = 60;

const ask = (path: string, { method = "GET", headers = {}, code = "", lang = "" } = {}) =>
  handler(
    {
      routeKey: `${method} ${path}`,
      rawPath: path,
      headers,
      pathParameters: { code },
      ...(lang === "" ? {} : { queryStringParameters: { lang } }),
      requestContext: { requestId: "r", http: { method, path, sourceIp: "192.0.2.1" } },
      isBase64Encoded: false,
    } as unknown as APIGatewayProxyEventV2,
    {} as Context,
  );
const problem = (code: string, lang = "") => ask("/docs/problems/{code}", { code, lang });

/** What is wrong with a page as HTML. */
function mistakesIn(html: string): string[] {
  const mistakes: string[] = [];
  parse(html, { onParseError: ({ code }) => mistakes.push(code) });
  return mistakes;
}

/** The targets within a page that its links name, and that are not there. */
function deadLinksIn(html: string): string[] {
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  return [...html.matchAll(/ href="#([^"]+)"/g)].flatMap(([, id = ""]) => (ids.has(id) ? [] : [id]));
}

describe.each(LANGUAGES)("the page about the API, in %s,", async (lang) => {
  const { body = "", headers = {}, statusCode } = await ask("/docs", { lang });

  test("is HTML without a mistake, in which every link within it leads somewhere, and no two places have one name", () => {
    expect(statusCode).toBe(200);
    expect(mistakesIn(body)).toEqual([]);
    expect(deadLinksIn(body)).toEqual([]);
    const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("shows every call, and links every problem that a storefront meets", () => {
    for (const [id, { method, path }] of Object.entries(operations)) {
      expect(body).toContain(` id="${id}"`);
      expect(body).toContain(`<b>${method}</b> <code>${path}</code>`);
    }
    for (const code of PROBLEM_CODES) expect(body).toContain(`href="docs/problems/${code}?lang=${lang}"`);
  });

  test(`may be kept and found by everybody, and has at most ${MOST_KB} KB on the way`, async () => {
    expect(headers).toMatchObject({ "Cache-Control": "public, max-age=300" });
    expect(headers).not.toHaveProperty("X-Robots-Tag");
    const packed = await ask("/docs", { lang, headers: { "accept-encoding": "gzip" } });
    const bytes = Buffer.from(packed.body ?? "", "base64");
    expect(bytes.length).toBeLessThanOrEqual(MOST_KB * 1024);
    expect(gunzipSync(bytes).toString()).toBe(body);
  });

  test("is not sent again to who has it, and its HEAD has no body", async () => {
    const etag = String(headers["ETag"]);
    const known = await ask("/docs", { lang, headers: { "if-none-match": etag } });
    expect([known.statusCode, known.body]).toEqual([304, ""]);
    expect((await ask("/docs", { lang, headers: { "if-none-match": '"other"' } })).statusCode).toBe(200);
    const head = await ask("/docs", { lang, method: "HEAD" });
    expect([head.statusCode, head.body, head.headers?.["ETag"]]).toEqual([200, "", etag]);
  });
});

describe("the page of a problem", () => {
  test.each(PROBLEM_CODES)("%s says its status, what it means and what to do", async (code) => {
    const { statusCode, body = "" } = await problem(code);
    expect(statusCode).toBe(200);
    expect(mistakesIn(body)).toEqual([]);
    expect(body).toContain(`<code>${code}</code>, status <b>${PROBLEMS[code].status}</b>`);
    expect(body).toMatch(/What you do<\/h2><div>[^<]*\w/);
  });

  test.each(PROBLEM_CODES)("%s says the same in Chinese", async (code) => {
    const { statusCode, body = "" } = await problem(code, "zh");
    expect(statusCode).toBe(200);
    expect(mistakesIn(body)).toEqual([]);
    expect(body).toContain(`<code>${code}</code>, 状态 <b>${PROBLEMS[code].status}</b>`);
    expect(body).toMatch(/<h1>[^<]*\p{Script=Han}/u);
    expect(body).toMatch(/您该做什么<\/h2><div>.*\p{Script=Han}.*<\/div><h2>/u);
  });

  test("names the calls that may answer it", async () => {
    const { body } = await problem("sold_out");
    expect(body).toContain('href="../../docs?lang=en#placeOrder"');
    expect(body).not.toContain('href="../../docs?lang=en#getAccount"');
  });

  test("does not exist for another code, and says nothing of what was asked for", async () => {
    for (const code of ["<script>alert(1)</script>", "constructor", "__proto__", "sold-out"]) {
      const { statusCode, body = "", headers = {} } = await problem(code);
      expect(statusCode).toBe(404);
      expect(body).not.toContain(code);
      expect(headers).toMatchObject({ "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive" });
    }
  });
});

describe("the language of the pages", () => {
  const languageIn = async (more: Parameters<typeof ask>[1]): Promise<unknown[]> => {
    const { headers, body = "" } = await ask("/docs", more);
    return [headers?.["Content-Language"], /<html lang="([^"]+)"/.exec(body)?.[1]];
  };

  test("is what the address says, else what the reader prefers, else English", async () => {
    const [chinese, english] = [
      ["zh-CN", "zh-CN"],
      ["en", "en"],
    ];
    const prefers = { headers: { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" } };
    expect(await languageIn({})).toEqual(english);
    expect(await languageIn(prefers)).toEqual(chinese);
    expect(await languageIn({ ...prefers, lang: "en" })).toEqual(english);
    expect(await languageIn({ lang: "zh" })).toEqual(chinese);
  });

  test("can be changed on each page, and is kept by what they link", async () => {
    for (const [lang, other] of [
      ["en", "zh"],
      ["zh", "en"],
    ] as const)
      for (const page of [ask("/docs", { lang }), problem("sold_out", lang), problem("nothing", lang)]) {
        const { body = "" } = await page;
        expect(body).toContain(`href="?lang=${other}"`);
        const links = [...body.matchAll(/href="([^"]*\bdocs\b[^"]*)"/g)].map(([, href = ""]) => href);
        expect(links.filter((href) => !href.startsWith("http") && !href.includes(`?lang=${lang}`))).toEqual([]);
      }
  });

  test("makes no difference to the addresses of places", async () => {
    const [english = [], chinese] = await Promise.all(
      LANGUAGES.map(async (lang) => {
        const { body = "" } = await ask("/docs", { lang });
        return [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      }),
    );
    expect(english.length).toBeGreaterThan(60);
    expect(chinese).toEqual(english);
  });
});
