<#
.SYNOPSIS
Signs every PDF of a folder, and can be started again at any time: what is done
is in the journal and is left as it is.

.EXAMPLE
./sign-folder.ps1 inbox signed --cert 1 --pin-file pin --tsa http://tsa.example.vn

.NOTES
TRIES (3) and WAIT (60 s) in the environment: how often, and after how long, a
run is started again when the timestamp server fails. A wrong PIN is never tried
again: a token locks itself after a few.
#>
if ($args.Count -lt 2) {
    [Console]::Error.WriteLine('usage: sign-folder.ps1 IN OUT [flags of kyso sign]')
    exit 2
}
$in, $out = $args[0], $args[1]
$flags = @($args | Select-Object -Skip 2)
$tries = if ($env:TRIES) { [int]$env:TRIES } else { 3 }
$wait = if ($env:WAIT) { [int]$env:WAIT } else { 60 }
$null = New-Item -ItemType Directory -Force -Path $out
$journal = Join-Path $out 'run.journal'
# A native program's exit code is read from $LASTEXITCODE, not thrown.
$PSNativeCommandUseErrorActionPreference = $false

function Say([string]$text) { [Console]::Error.WriteLine($text) }

for ($try = 1; ; $try++) {
    $report = Join-Path $out ('report-{0:yyyyMMdd-HHmmss}-{1}-{2}.csv' -f (Get-Date), $PID, $try)
    & kyso sign --recursive $in --out-dir $out --journal $journal --resume --report $report @flags
    $code = $LASTEXITCODE
    switch ($code) {
        0 { "all signed: $out" }
        3 { Say "some files were not signed: see the column error of $report" }
        { $_ -in 11, 12 } { Say 'the PIN is wrong or locked: not tried again' }
        13 { Say 'the token is gone: plug it in and run the same command again' }
        20 { Say "the timestamp server fails ($try of $tries)" }
        130 { Say 'interrupted: run the same command again to go on' }
        default { Say "kyso ended with ${code}: kyso help exit-codes" }
    }
    if ($code -ne 20 -or $try -ge $tries) { exit $code }
    Start-Sleep -Seconds $wait
}
