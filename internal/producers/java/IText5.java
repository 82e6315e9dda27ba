// Signs a PDF with iText 5: IText5 IN P12 OUT MODE [TSA CRL], where
// MODE is "approval", or "archive": a CAdES signature with a timestamp, then
// its validation data, then a timestamp of the document, in a revision each.
import com.itextpdf.text.*;
import com.itextpdf.text.pdf.*;
import com.itextpdf.text.pdf.security.*;
import java.io.*;
import java.nio.file.*;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public class IText5 {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        Signer signer = new Signer(args[1]);
        ExternalSignature by = new PrivateKeySignature(signer.key, "SHA-256", "BC");
        java.security.cert.Certificate[] chain = signer.chain;
        byte[] data = Files.readAllBytes(Paths.get(args[0]));
        if (args[3].equals("approval")) {
            data = sign(data, by, chain, null, "Signature1", MakeSignature.CryptoStandard.CMS);
        } else {
            TSAClient tsa = new TSAClientBouncyCastle(args[4], null, null, 4096, "SHA-256");
            CrlClient crl = new CrlClientOffline(Files.readAllBytes(Paths.get(args[5])));
            data = sign(data, by, chain, tsa, "PlaceA", MakeSignature.CryptoStandard.CADES);
            data = prove(data, crl);
            data = stamp(data, tsa);
        }
        Files.write(Paths.get(args[2]), data);
    }

    static byte[] sign(byte[] data, ExternalSignature by, java.security.cert.Certificate[] chain, TSAClient tsa, String field,
        MakeSignature.CryptoStandard kind) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PdfStamper stamper = PdfStamper.createSignature(new PdfReader(data), out, '\0', null, true);
        PdfSignatureAppearance look = stamper.getSignatureAppearance();
        look.setSignDate(Signer.when());
        look.setReason("I agree");
        look.setLocation("Ha Noi");
        look.setLayer2Text("Digitally signed by NGUYEN VAN A");
        if (field.equals("PlaceA")) look.setVisibleSignature(field);
        else look.setVisibleSignature(new Rectangle(320, 400, 500, 460), 1, field);
        MakeSignature.signDetached(look, new BouncyCastleDigest(), by, chain, null, null, tsa, tsa == null ? 4096 : 8192, kind);
        return out.toByteArray();
    }

    static byte[] prove(byte[] data, CrlClient crl) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PdfStamper stamper = new PdfStamper(new PdfReader(data), out, '\0', true);
        if (!stamper.getLtvVerification().addVerification("PlaceA", null, crl, LtvVerification.CertificateOption.WHOLE_CHAIN,
            LtvVerification.Level.CRL, LtvVerification.CertificateInclusion.YES)) throw new Exception("nothing to add");
        stamper.close();
        return out.toByteArray();
    }

    static byte[] stamp(byte[] data, TSAClient tsa) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PdfStamper stamper = PdfStamper.createSignature(new PdfReader(data), out, '\0', null, true);
        LtvTimestamp.timestamp(stamper.getSignatureAppearance(), tsa, "Archive");
        return out.toByteArray();
    }
}
