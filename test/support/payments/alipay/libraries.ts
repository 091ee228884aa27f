/** Alipay's own libraries, as merchants use them: they know nothing of our adapter nor of our simulator. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { AlipaySdk } from "alipay-sdk";
import { localDir } from "../../../../infra/local/places.ts";
import { preparePython } from "../../../../infra/local/python-env.ts";
import type { AlipaySimulator } from "./simulator.ts";
import { privateText } from "./wire.ts";

export type Body = Record<string, unknown>;

/** What each of them can do. `call` throws if the answer's signature is wrong. */
export type Library = {
  pageUrl(method: string, bizContent: Body): Promise<string>;
  call(method: string, bizContent: Body): Promise<Body>;
  isNotice(form: string): Promise<boolean>;
};

export function typescriptLibrary(simulator: AlipaySimulator): Library {
  const { appId, privateKey, alipayPublicKey } = simulator.credentials;
  const gateway = `${simulator.url}/gateway.do`;
  const sdk = new AlipaySdk({ appId, privateKey, alipayPublicKey, gateway, keyType: "PKCS8", camelcase: false });
  return {
    pageUrl: (method, bizContent) => Promise.resolve(sdk.pageExecute(method, "GET", { bizContent })),
    call: async (method, bizContent) => ({ ...(await sdk.exec(method, { bizContent }, { validateSign: true })) }),
    isNotice: (form) => Promise.resolve(sdk.checkNotifySignV2(Object.fromEntries(new URLSearchParams(form)))),
  };
}

const program = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "alipay",
  module: "alipay.aop.api.DefaultAlipayClient",
  name: "Alipay's library",
};

const PYTHON = `
import http.client, importlib, json, sys
from urllib.parse import parse_qsl
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.util.SignatureUtils import get_sign_content, verify_with_rsa
given = json.load(sys.stdin)
# It knows no other port than 80.
plain = http.client.HTTPConnection
http.client.HTTPConnection = lambda host, port, timeout: plain(host, given["port"], timeout=timeout)
config = AlipayClientConfig()
config.server_url, config.app_id = given["gateway"], given["appId"]
config.app_private_key, config.alipay_public_key = given["privateKey"], given["alipayPublicKey"]
config.sign_type = "RSA2"
client = DefaultAlipayClient(alipay_client_config=config)
if given["what"] == "notice":
    fields = dict(parse_qsl(given["form"], keep_blank_values=True))
    sign = fields.pop("sign"); fields.pop("sign_type")
    try:
        print(json.dumps(verify_with_rsa(given["alipayPublicKey"], get_sign_content(fields).encode("utf-8"), sign)))
    except Exception:
        print("false")
    sys.exit()
name = "".join(part.capitalize() for part in given["method"].replace(".", "_").split("_"))
request = getattr(importlib.import_module("alipay.aop.api.request." + name + "Request"), name + "Request")()
request.biz_content = given["bizContent"]
print(json.dumps(client.page_execute(request, http_method="GET")) if given["what"] == "page" else client.execute(request))
`;

export async function pythonLibrary(simulator: AlipaySimulator): Promise<Library> {
  const python = await preparePython(program, join(localDir, "alipay.log"));
  const { appId, alipayPublicKey } = simulator.credentials;
  const { port } = new URL(simulator.url);
  const known = {
    gateway: "http://127.0.0.1/gateway.do",
    port: Number(port),
    appId,
    alipayPublicKey,
    // It wants the older form of a private key.
    privateKey: privateText(simulator.keys.merchant, "pkcs1"),
  };
  const run = async (given: object): Promise<unknown> => {
    const child = spawn(python, ["-c", PYTHON], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(JSON.stringify({ ...known, ...given }));
    const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    if (said.trim() === "") throw new Error(errors);
    return JSON.parse(said) as unknown;
  };
  return {
    pageUrl: async (method, bizContent) =>
      String(await run({ what: "page", method, bizContent })).replace("http://127.0.0.1", simulator.url),
    call: async (method, bizContent) => (await run({ what: "call", method, bizContent })) as Body,
    isNotice: async (form) => (await run({ what: "notice", form })) === true,
  };
}
