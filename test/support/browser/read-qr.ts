import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { localDir } from "../../../infra/local/places.ts";
import { preparePython } from "../../../infra/local/python-env.ts";

const program = {
  requirements: join(import.meta.dirname, "requirements.txt"),
  folder: "zxing",
  module: "zxingcpp, PIL",
  name: "The reader of QR codes",
};

const READ = `
import base64, io, json, sys
import zxingcpp
from PIL import Image
pictures = [Image.open(io.BytesIO(base64.b64decode(one))) for one in json.load(sys.stdin)]
print(json.dumps([[base64.b64encode(code.bytes).decode() for code in zxingcpp.read_barcodes(one)] for one in pictures]))
`;

/** Reads the QR codes on screenshots, of each picture those that are on it, byte for byte. */
export async function readQrCodes(pictures: readonly Buffer[]): Promise<string[][]> {
  const python = await preparePython(program, join(localDir, "zxing.log"));
  const child = spawn(python, ["-c", READ], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(pictures.map((picture) => picture.toString("base64"))));
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  return (JSON.parse(said) as string[][]).map((codes) => codes.map((code) => Buffer.from(code, "base64").toString()));
}
