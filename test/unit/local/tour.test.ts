import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { payPages, tour } from "../../../infra/local/tour.ts";
import { NewOrder } from "../../../shared/orders/request.ts";

// What people paste after `npm start`. A shell runs it, with a `curl` that says what it was asked to send.

const [code, topup] = [`prod_${"c".repeat(26)}`, `prod_${"t".repeat(26)}`];
const printed = tour({ apiUrl: "http://127.0.0.1:4566/api", apiKey: "vs_key", products: { code, topup } })
  .split("\n")
  .slice(1)
  .join("\n");

const STAND_INS = `
  curl() {
    local url="$2" body=""
    while [ $# -gt 0 ]; do [ "$1" = -d ] && body="$2"; shift; done
    printf '%s\\t%s\\n' "$url" "$body" >&2
    echo '{"id":"ord_1","state":"fulfilling"}'
  }
  npm() { printf 'npm\\t%s\\n' "$*" >&2; }
  age-keygen() { echo age1key; }
`;

/** Runs commands, and gives what each call was for and what it sent. */
function calls(commands: string): [url: string, body: string][] {
  const said = execFileSync("bash", ["-euc", `exec 2>&1 1>/dev/null\n${STAND_INS}\n${commands}`], { encoding: "utf8" });
  return said
    .trim()
    .split("\n")
    .map((line) => line.split("\t") as [string, string]);
}

const ordered = (all: [string, string][]): string[] =>
  all
    .filter(([url, body]) => url.endsWith("/v1/orders") && body !== "")
    .map(([, body]) => NewOrder.parse(JSON.parse(body)).lines.map((line) => `${line.quantity} ${line.productId}`))
    .flat();

test("what `npm start` prints can be pasted as it is", () => {
  const all = calls(printed);
  expect(ordered(all)).toEqual([`2 ${code}`, `1 ${topup}`, `1 ${code}`, `1 ${code}`, `1 ${code}`]);
  expect(all.at(-1)).toEqual(["npm", `run ops -- stock count --product ${code}`]);
});

test("`npm start` says where a person pays at each simulated provider", () => {
  const pages = { stripe: "http://127.0.0.1:1", alipay: "http://127.0.0.1:2" };
  expect(payPages({ paymentPages: pages }).split("\n").slice(1)).toEqual([
    "  stripe     http://127.0.0.1:1",
    "  alipay     http://127.0.0.1:2",
  ]);
});

test("the README's tour can be pasted after it, one command after another", () => {
  const section = readFileSync("README.md", "utf8").split("## A tour\n")[1]?.split("\n### ")[0] ?? "";
  const pasted = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, commands = ""]) => commands).join("");
  const variables = printed.split("\n").slice(0, 2).join("\n");
  const all = calls(`${variables}\n${pasted}`);
  expect(ordered(all)).toEqual([`2 ${code}`, `1 ${code}`, `120 ${code}`]);
  expect(all.map(([url]) => url.replace("http://127.0.0.1:4566/api", ""))).toEqual([
    "/v1/products",
    "/v1/orders",
    "/v1/orders",
    "/v1/orders",
    "/v1/orders/ord_1",
    "/v1/orders/ord_1/deliverables?limit=1000",
    "/v1/orders/ord_1/deliverables/file",
  ]);
  expect(JSON.parse(all.at(-1)?.[1] ?? "")).toEqual({ recipient: "age1key" });
});
