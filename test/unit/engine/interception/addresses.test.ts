import { describe, expect, it } from 'vitest';
import { addressesOf } from '../../../../main/engine/interception/addresses.ts';

describe('addresses', () => {
  it.each([
    ['192.0.2.1', 4],
    ['2001:db8::1', 6],
    ['10.1.2.3', 4],
    ['127.0.0.1', 4],
    ['::1', 6],
  ])('%s is dialled as it is', async (address, family) => {
    expect(await addressesOf(address)).toEqual([{ address, family }]);
  });

  it.each([
    '169.254.169.254',
    '169.254.1.1',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fe80::1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::ffff:0:0',
  ])('%s is never dialled', async (address) => {
    await expect(addressesOf(address)).rejects.toMatchObject({ code: 'upstream-refused', message: expect.stringContaining(address) });
  });

  it('are found for the names of this machine', async () => {
    expect((await addressesOf('localhost')).length).toBeGreaterThan(0);
  });

  it('are not made up for a name that has none', async () => {
    await expect(addressesOf('no-such-host.invalid')).rejects.toMatchObject({
      code: 'upstream-unreachable',
      message: expect.stringContaining('no-such-host.invalid'),
    });
  });
});
