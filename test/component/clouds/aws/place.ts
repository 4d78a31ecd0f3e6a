/** Where the platform of these tests is: the account and region of recordAws. */
export const account = "123456789012";
export const region = "eu-central-1";
