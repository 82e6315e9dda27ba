<#
.SYNOPSIS
An intake desk: judges each PDF of a folder and moves it to accepted (valid, and
signed by the one who should have signed), rejected (a signature is invalid, or
there is none) or check (not all is known, or somebody else signed: for a person
to look at).

.EXAMPLE
./verify-inbox.ps1 inbox 0100000000 --online

.NOTES
The second argument is what --expect-signer takes: tax code, personal number,
serial number or SHA-256 of the certificate. What kyso could not read stays
where it is. Exit code: 0 when all was accepted, 1 when something stayed, else 3.
#>
if ($args.Count -lt 2) {
    [Console]::Error.WriteLine('usage: verify-inbox.ps1 INBOX WHO [flags of kyso verify]')
    exit 2
}
$inbox, $who = $args[0], $args[1]
$flags = @($args | Select-Object -Skip 2)
foreach ($name in 'accepted', 'rejected', 'check') {
    $null = New-Item -ItemType Directory -Force -Path (Join-Path $inbox $name)
}
$PSNativeCommandUseErrorActionPreference = $false
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$result = 0

foreach ($file in Get-ChildItem -LiteralPath $inbox -File | Where-Object Extension -eq '.pdf' | Sort-Object Name) {
    $text = & kyso verify $file.FullName --expect-signer $who @flags
    switch ($LASTEXITCODE) {
        0 { $to = 'accepted' }
        { $_ -in 4, 6, 15 } { $to = 'rejected' }
        5 { $to = 'check' }
        130 { exit 130 }
        default { $to = '' }
    }
    $target = if ($to) { Join-Path (Join-Path $inbox $to) $file.Name } else { '' }
    # Never over a file of the same name: that one has been judged already.
    if (-not $to -or (Test-Path -LiteralPath $target)) {
        [Console]::Error.WriteLine("left where it is: $($file.Name)")
        $result = 1
        continue
    }
    Move-Item -LiteralPath $file.FullName -Destination $target
    Set-Content -LiteralPath "$target.txt" -Value $text -Encoding utf8
    "${to}: $($file.Name)"
    if ($to -ne 'accepted' -and $result -eq 0) { $result = 3 }
}
exit $result
