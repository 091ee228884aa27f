import { App } from "aws-cdk-lib";
import { addVouchsafe } from "./vouchsafe.ts";

addVouchsafe(new App());
