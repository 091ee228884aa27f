// Stands in bundles for the SDK's chain of places where credentials may come from: in Lambda they are in the environment.
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
