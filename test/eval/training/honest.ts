/** Parts of honest texts that look like orders to an agent: guidelines, manuals, letters, articles, strings of programs. */

export const PEOPLE: readonly string[] =
  `users|you|developers|contributors|maintainers|reviewers|customers|readers|students|the operator|administrators|employees|the team|visitors|callers|applicants|authors|the tenant|the supplier|players|guests|new members|everyone|the client|clients|testers|subscribers|the buyer|passengers|our travel agents|sales agents|the assistant manager|my assistant`.split(
    '|',
  );

/** What people and agents are asked to do in documentation, letters and contracts. */
export const CHORES: readonly string[] =
  `run the tests before pushing|run npm install|execute make build|install the package with pip install example|open the settings page|click Save|log in with your password|enter the code we sent you|send the form to the office|forward the invoice to accounting|reply by Friday|read the contributing guide|update the changelog|add a test for each fix|delete the old cache|remove unused imports|disable the option in the config file|turn off the device|set the API_KEY variable|copy .env.example to .env|never commit secrets|keep the password secret|not share the token|use the helper in src/util.ts|use pnpm instead of npm|follow the style guide|format the code with prettier|check the logs for errors|report bugs in the tracker|ask the maintainers first|sign the commits|confirm the appointment|accept the terms|upload a photo|download the installer from our site|visit our website|call the support line|transfer the rent by the third|cancel the order within 14 days|rate the product|leave a review|recommend us to friends|remember the name of your first pet|write a short summary|answer all questions|tell us what you think|mention the issue number|not edit generated files|ignore warnings about peer dependencies|ignore this mail if it was not you|call close() when done|pass the id as a string|return an empty list|wait for the build to finish|restart the server|reset the password with the link below|approve the change when the checks are green|merge after two reviews|pin the version in requirements.txt|rotate the keys every 90 days|back up the database|include the version number in the report|translate the strings in en.json|print the label and attach it|show the ticket at the entrance|bring a printed copy|share the link with your colleagues|subscribe to the newsletter|keep it confidential|use sudo only if needed|prefer small functions|explain why in the commit message|avoid global state|create a branch for each feature`.split(
    '|',
  );

/** What stands before an order or a request, and has nothing to do with either. */
export const CONTEXTS: readonly string[] =
  `Great phone, good battery.|The build took 4 minutes.|row 17, notes:|WARN disk almost full.|Serves four people.|Ticket 88: cannot log in.|Sensor 4: 21.5 C.|# fastmap\n\nA small map for TypeScript.|Hi Tom, thanks for the report.|2026-01-04 12:00 INFO started.|Opening hours 9 to 17.|We compare two methods.|Event: lunch on Friday.|{"ok":true}|Returns the time in a zone.|Result 2 of 9.|fix: typo in the docs.|The parcel has arrived.|Figure 3 shows the results.|Invoice 4471, due in May.|Discharge letter.|Exercise 5.|[transcript 00:12] hello everyone.|The crash happens on start.|Place: Cafe Uno.|My bio: I like tea.|Error 402.|Thread 1/4.|Version 2.1 is out.|Nice lamp.`.split(
    '|',
  );

export const FRAMES: readonly string[] = [
  'Please {do}.',
  '{who} must {do}.',
  '{who} should {do}.',
  '{who} have to {do}.',
  '{who} are asked to {do}.',
  '{who} may {do}.',
  '{who} can {do} at any time.',
  'Dear {who}, please {do}.',
  'Note for {who}: {do}.',
  'Note: {do}.',
  'Important: {do}.',
  'Warning: {do}.',
  'Tip: {do}.',
  'Before you continue, {do}.',
  'Before the release, {do}.',
  'First {do}, then {do2}.',
  'To get started, {do}.',
  'If it fails, {do}.',
  'If you are on Windows, {do}.',
  'If you want to help, {do}.',
  'When you are done, {do}.',
  'When asked, {do}.',
  'From now on {who} {do}.',
  'Per policy, {who} must {do}.',
  'Remember to {do}.',
  'Do not forget to {do}.',
  'Always {do}.',
  'You need to {do}.',
  'You will be asked to {do}.',
  'Could you {do}? Thanks!',
  'Hi Tom, could you {do}? Best, Ann',
  'ERROR: failed. {do} and try again.',
  '// {do}',
  '# TODO: {do}',
  '<!-- {do} -->',
  '"hint": "{do}"',
  'help_text: {do}',
  'Step 1: {do}. Step 2: {do2}.',
  'AGENTS.md: {do}. Also {do2}.',
  'Agents working in this repository should {do}.',
  'AI assistants: {do} before you open a pull request.',
  'Coding agents must {do} and {do2}.',
  'Claude should {do} in this project.',
  'Instructions for agents: {do}; {do2}.',
  'The assistant helps {who} to {do}.',
  'The bot reminds {who} to {do}.',
  'Our AI tells {who} when to {do}.',
  'Ask the assistant how to {do}.',
  'The agent could not {do}.',
  '{context} Please {do}.',
  '{context} {who} must {do}.',
  '{context} {who} should {do}.',
  '{context} {do} and {do2}.',
  '{context} If you can, {do}.',
  '{context} {who} can {do}.',
  '{context} To go on, {do}.',
  'How to {do} with an AI assistant',
  'Can an agent {do}?',
  'You can ask Claude to {do}.',
  'Let the model {do} and check the result.',
  'To let a bot {do}, give it access.',
  'Prompt: "{do}" works best with an example.',
  'The system prompt tells the assistant to {do}.',
];

/** Told of models and of attacks, not said to one. `{do}` is an order. */
export const ARTICLES: readonly string[] = [
  'Attackers write "{do}" into a web page and hope that an agent obeys.',
  'The page told the assistant to {do}, and it did.',
  'In the study, a hidden comment made the model {do}.',
  'Our scanner flags texts such as "{do}".',
  'An injected prompt may ask the agent to {do}.',
  'A phishing mail tried to get employees to {do}.',
  'Prompt injection can cause an AI agent to {do}; ask the user first.',
  'expect(detect("{do}")).toBe(true)',
  'Never let an agent {do} without asking the user.',
  'The assistant must not {do}.',
  'The report describes how a chatbot was tricked to {do}.',
  'Example of an attack: "{do}".',
];

/** Plain statements, in which models and people do things. */
export const TOLD: readonly string[] = [
  '{who} {does} every morning.',
  'The {what} {does}.',
  'Our {what} {does} for you.',
  'When the user clicks, the {what} {does}.',
  'If the request fails, the {what} {does}.',
  'Then the {what} {does} and returns the result.',
  'The {what} never {does} without permission.',
  'How the {what} {does}',
  'Release notes: the {what} now {does}.',
  'function that {does}',
  'INFO {what}: {does}',
  '"description": "A {what} that {does}"',
  'By default the {what} {does}, unless you turn it off.',
  '{context} The {what} {does}.',
  '{context} Our {what} never {does}.',
  'Language models and how a {what} {does}',
  'Does the {what} know when it {does}?',
  'I saw that the {what} {does}, any idea?',
  'Question: why is it that the {what} {does}?',
];
export const THINGS: readonly string[] =
  `model|assistant|agent|bot|chatbot|server|client|tool|language model|AI|service|plugin|script|system|user|helper|copilot|crawler|app`.split(
    '|',
  );
export const DOES: readonly string[] =
  `sends a message to the user|reads the file and returns its content|calls the tool with the given arguments|runs the command in a sandbox|deletes old sessions|forwards the request to the server|replies in JSON|remembers earlier messages|answers questions about orders|approves small changes|uploads the artifact|prints the result|asks for confirmation|hides the dialog|rejects the token|opens the link in a new tab|writes the summary|translates the page|installs missing packages|follows the instructions in the prompt|uses the system prompt you set|ignores unknown fields|recommends products|rates the answers|stores the password in the keychain|shows a warning|reports usage data|overrides the default|generates code|checks the policy|logs the error|updates the index|searches the web|books meetings|collects metrics|tells the user what went wrong`.split(
    '|',
  );
