/** Where the guard lives that the system runs for all of a machine's users: the same on every machine, so that nobody need be told. */

export interface ServicePlaces {
  /** The engine's data folder: its own user's alone. */
  readonly dataDir: string;
  /** What everybody may see: the control socket, the authority's certificate, where the proxy is. Made anew at each start. */
  readonly runDir: string;
  /** The administrator's own: configuration, and what was changed on the machine. */
  readonly configDir: string;
  /** The configuration that the service is started with. */
  readonly configFile: string;
  /** What was changed on the machine, so that it can be taken back. */
  readonly journalFile: string;
  /** The user that the engine runs as. */
  readonly user: string;
}

export function servicePlaces(platform: NodeJS.Platform = process.platform, env: NodeJS.ProcessEnv = process.env): ServicePlaces {
  switch (platform) {
    case 'darwin': {
      const home = '/Library/Application Support/Holdpoint';
      return at('/', { dataDir: `${home}/engine`, runDir: `${home}/run`, configDir: home, user: '_holdpoint' });
    }
    case 'win32': {
      const home = `${env.ProgramData || 'C:\\ProgramData'}\\Holdpoint`;
      return at('\\', { dataDir: `${home}\\engine`, runDir: `${home}\\run`, configDir: home, user: 'NT SERVICE\\Holdpoint' });
    }
    default:
      return at('/', { dataDir: '/var/lib/holdpoint', runDir: '/run/holdpoint', configDir: '/etc/holdpoint', user: 'holdpoint' });
  }
}

function at(separator: string, places: Pick<ServicePlaces, 'dataDir' | 'runDir' | 'configDir' | 'user'>): ServicePlaces {
  const { configDir } = places;
  return {
    ...places,
    configFile: `${configDir}${separator}service.json`,
    journalFile: `${configDir}${separator}installed.json`,
  };
}

/** Names of the files in `runDir` besides the control socket. */
export const PUBLISHED_CA = 'ca.pem';
export const PUBLISHED_BUNDLE = 'bundle.pem';
